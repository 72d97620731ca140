import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { mailAddress } from '../core/mail-address.ts';
import { hostile, messageOf, sendOn } from '../testing/try-channel.ts';

const mails: { from: string; to: string[]; text: string; user: unknown }[] = [];
/** A real SMTP server. STARTTLS with the certificate the library brings for tests; one mailbox is full, one unknown. */
const server = new SMTPServer({
  authOptional: true,
  size: 100_000,
  onAuth({ username, password }, _session, done) {
    if (username === 'me' && password === 'right') done(null, { user: 'me' });
    else done(new Error('535 5.7.8 no'));
  },
  onRcptTo({ address }, _session, done) {
    if (address.startsWith('full')) done(Object.assign(new Error('mailbox full'), { responseCode: 452 }));
    else if (address.startsWith('nobody'))
      done(Object.assign(new Error('no such user'), { responseCode: 550 }));
    else done();
  },
  onData(stream, session, done) {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope;
      mails.push({
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(({ address }) => address),
        text: Buffer.concat(parts).toString('utf8'),
        user: session.user,
      });
      done();
    });
  },
});
server.on('error', () => undefined);
await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
after(() => new Promise<void>((done) => server.close(() => done())));
const { port } = server.server.address() as AddressInfo;
const config = {
  type: 'email',
  host: 'localhost',
  port,
  from: 'Vigiles <vigiles@example.com>',
  to: ['a@example.com', 'Bé <b@example.com>'],
  verify_certificate: false,
};

test('a mail goes to each address over an encrypted connection, with one text and no markup of others', async () => {
  const login = { ...config, username: 'me', password: 'right' };
  const sent = await sendOn(login, messageOf({ title: hostile.title, message: hostile.body }));
  assert.ok(sent.ok, JSON.stringify(sent));
  const [mail] = mails;
  assert.deepEqual(
    [mail?.from, mail?.to, mail?.user],
    ['vigiles@example.com', ['a@example.com', 'b@example.com'], 'me'],
  );
  assert.doesNotMatch(mail?.text ?? '', /^Bcc:/im);
  assert.doesNotMatch(mail?.text ?? '', /<script/);
  assert.match(mail?.text ?? '', /^Message-ID: <dlv_1@example\.com>/m);
});

test('a certificate nobody vouches for is refused unless that is asked for', async () => {
  const sent = await sendOn({ ...config, verify_certificate: true }, messageOf());
  assert.equal(sent.ok, false);
});

test('a wrong password and an unknown mailbox are final, a full one is not', async () => {
  const outcome = async (more: object) => {
    const sent = await sendOn({ ...config, ...more }, messageOf());
    assert.doesNotMatch(JSON.stringify(sent), /wrong-password/);
    return sent.ok ? 'ok' : sent.again;
  };
  assert.equal(await outcome({ username: 'me', password: 'wrong-password' }), false);
  assert.equal(await outcome({ to: ['nobody@example.com'] }), false);
  assert.equal(await outcome({ to: ['full@example.com'] }), true);
});

test('one address stays one, whatever stands in it', async () => {
  const before = mails.length;
  const bad = [
    'a@ok.com\r\nBcc: x@evil.com',
    'a@ok.com, b@evil.com',
    'a@ok.com;b@evil.com',
    '"a@evil.com "@ok.com',
    'a@evil.com(comment)@ok.com',
    'group: a@ok.com;',
    '<@evil.com:a@ok.com>',
    'a@ok.com <b@evil.com> <c@evil.com>',
    'a b@ok.com',
    'a@-ok.com',
    'abc',
  ];
  for (const address of bad) {
    assert.equal(typeof mailAddress(address), 'string', address);
    const sent = await sendOn({ ...config, to: [address] }, messageOf());
    assert.match(sent.ok ? '' : sent.reason, /is not one plain mail address/, address);
  }
  assert.equal(mails.length, before);
  assert.deepEqual(mailAddress('Jürgen <j.o+x@bücher.example>'), {
    name: 'Jürgen',
    address: 'j.o+x@bücher.example',
  });
});
