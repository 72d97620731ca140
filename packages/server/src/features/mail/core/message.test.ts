import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MailConfig, MailMessage } from '@vigiles/contract';
import { checkMessage } from './message.ts';
import { policyOf, refusedBy } from './policy.ts';

const limits = MailConfig.parse({ refuse_extensions: ['zip'], max_attachments_mb: 0.001 });
const check = (message: object) =>
  checkMessage(MailMessage.parse({ to: ['a@ok.example'], subject: 's', body: 'b', ...message }), limits);
const codeOf = (message: object): string => {
  const found = check(message);
  return 'code' in found ? found.code : 'ok';
};
const file = (filename: string, more: object = {}) => ({
  attachments: [{ filename, content_type: 'text/plain', content: 'aGVsbG8=', ...more }],
});

test('nodemailer#1699: a line end is refused in every field that becomes a header', () => {
  assert.equal(codeOf({ subject: 'a\r\nBcc: x@evil.example' }), 'mail_bad_header');
  assert.equal(codeOf({ subject: 'a\u0085b' }), 'mail_bad_header');
  assert.equal(codeOf({ from_name: 'Me\nBcc: x@evil.example' }), 'mail_bad_header');
  assert.equal(codeOf({ from_name: 'boss@bank.example' }), 'mail_bad_header');
  assert.equal(codeOf({ from_name: 'Me" <x@evil.example>' }), 'mail_bad_header');
  assert.equal(codeOf({ cc: ['Ada\r\n <a@ok.example>'] }), 'mail_bad_address');
  assert.equal(codeOf(file('a.txt\r\nX: y')), 'mail_attachments');
  assert.equal(codeOf(file('a.txt', { content_type: 'text/plain\r\nX: y' })), 'mail_attachments');
  assert.equal(codeOf({ subject: 'Grüße', from_name: 'Zoë' }), 'ok');
});

test('cc and bcc count, and who stands twice is one recipient', () => {
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => `p${from + at}@ok.example`);
  assert.equal(codeOf({ to: many(0, 4), cc: many(4, 3), bcc: many(7, 3) }), 'ok');
  assert.equal(codeOf({ to: many(0, 4), cc: many(4, 4), bcc: many(8, 3) }), 'mail_too_many_recipients');
  const found = check({ to: ['a@ok.example'], cc: ['A@OK.example', 'b@ok.example'], bcc: ['a@ok.example'] });
  assert.ok('recipients' in found);
  assert.deepEqual(
    found.recipients.map(({ kind, address }) => `${kind} ${address}`),
    ['to a@ok.example', 'cc b@ok.example'],
  );
  assert.equal(codeOf({ to: [] }), 'mail_no_recipient');
});

test('files that run, lie about what they are, or are too many are refused', () => {
  for (const name of [
    'a.exe',
    'a.EXE',
    'a.exe.',
    'a.exe ',
    'a.pdf.js',
    'a.zip',
    '../a.txt',
    'a\\b.txt',
    '...',
    '\u202etxt.exe',
  ])
    assert.equal(codeOf(file(name)), 'mail_attachments', name);
  for (const name of ['a.txt', 'Bericht Q3.pdf', 'README', 'a.tar.gz'])
    assert.equal(codeOf(file(name)), 'ok', name);
  assert.equal(codeOf(file('a.txt', { content: 'no base64!' })), 'mail_attachments');
  assert.equal(codeOf(file('a.txt', { content_type: 'message/rfc822' })), 'mail_attachments');
  assert.equal(codeOf(file('a.txt', { content: 'A'.repeat(4000) })), 'mail_attachments');
});

test('mcp-email-server#247, mailpit#219: an empty list allows nobody, everybody only where it says so', () => {
  const config = (recipients: object[]) => MailConfig.parse({ recipients });
  const refused = (recipients: object[], address: string, device = 'dev_1') =>
    refusedBy(policyOf(config(recipients), device), [address]).length === 1;
  assert.ok(refused([], 'a@ok.example'));
  assert.ok(refused([{ device: 'dev_1', allow: [] }], 'a@ok.example'));
  assert.ok(refused([{ device: 'dev_2', allow: ['*'] }], 'a@ok.example'));
  assert.ok(!refused([{ device: 'dev_1', allow: ['*'] }], 'a@ok.example'));
  assert.ok(!refused([{ device: '*', allow: ['A@ok.example'] }], 'a@OK.example'));
  const domain = [{ device: '*', allow: ['@ok.example'] }];
  assert.ok(!refused(domain, 'a@ok.example'));
  for (const near of [
    'a@sub.ok.example',
    'a@ok.example.evil.example',
    'a@notok.example',
    'ok.example@evil.example',
  ])
    assert.ok(refused(domain, near), near);
});

test('a device’s own word on approvals goes before everybody’s', () => {
  const recipients = [
    { device: '*', allow: [], approval: 'always' },
    { device: 'dev_1', allow: [], approval: 'never' },
  ];
  const approval = (device: string) => policyOf(MailConfig.parse({ recipients }), device).approval;
  assert.deepEqual([approval('dev_1'), approval('dev_2')], [false, true]);
  assert.equal(policyOf(MailConfig.parse({ approval: 'always' }), 'dev_1').approval, true);
});
