import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MailRecipient } from '@vigiles/contract';
import { backoffMs, settle, type Transfer } from './outcome.ts';
import { explain, readReply, verdictOf } from './reply.ts';

const facts = { attempts: 1, ageMs: 0, retryFirstMs: 1000, maxAttempts: 3, giveUpMs: 1_000_000 };
const people = (...names: string[]): MailRecipient[] =>
  names.map((name) => ({ address: `${name}@ok.example`, name: '', kind: 'to', state: 'pending', reply: '' }));
const answered = (taken: string[], answers: Record<string, string>, last: string): Transfer => ({
  kind: 'answered',
  taken: taken.map((name) => `${name}@ok.example`),
  answers: Object.entries(answers).map(([name, text]) => ({
    address: `${name}@ok.example`,
    reply: readReply(text),
  })),
  last: readReply(last),
});
const statesOf = (recipients: readonly MailRecipient[]) => recipients.map(({ state }) => state);

test('4yz may go through later, 5yz will not, and an enhanced code knows it better (RFC 5321, 3463)', () => {
  const verdict = (text: string) => verdictOf(readReply(text));
  assert.equal(verdict('451 4.7.1 Greylisted'), 'later');
  assert.equal(verdict('421 Service not available'), 'later');
  assert.equal(verdict('550 5.1.1 No such user'), 'never');
  assert.equal(verdict('554 Transaction failed'), 'never');
  assert.equal(verdict('550-5.1.1 The account\n550 5.1.1 does not exist'), 'never');
  assert.equal(verdict('452 4.5.3 Too many recipients'), 'later');
  assert.equal(verdict('552 Too many recipients'), 'later');
  assert.equal(verdict('552 5.2.3 Message too large'), 'never');
  assert.equal(verdict('550 4.2.1 Try again'), 'later');
  assert.equal(explain(readReply('552 5.2.2 over quota')), 'the mailbox is full (552 5.2.2)');
  assert.equal(readReply('250 2.0.0 OK').code, '2.0.0');
  assert.equal(readReply('250 mail 5.1.1 queued').code, null);
});

test('one of three is refused: the others have it, and only who is deferred is written to again', () => {
  const first = settle(
    people('a', 'nobody', 'grey'),
    answered(['a'], { nobody: '550 5.1.1 unknown', grey: '451 4.7.1 later' }, '250 OK'),
    facts,
  );
  assert.deepEqual([first.state, statesOf(first.recipients)], ['queued', ['taken', 'refused', 'pending']]);
  assert.equal(first.retryMs, 1000);
  const second = settle(first.recipients, answered(['grey'], {}, '250 OK'), { ...facts, attempts: 2 });
  assert.deepEqual(
    [second.state, statesOf(second.recipients)],
    ['partly_sent', ['taken', 'refused', 'taken']],
  );
});

test('what is deferred for too long is a dead letter', () => {
  const late = answered([], { a: '451 4.7.1 later' }, '451 4.7.1 later');
  assert.equal(settle(people('a'), late, facts).state, 'queued');
  const last = settle(people('a'), late, { ...facts, attempts: 3 });
  assert.deepEqual([last.state, last.retryMs, statesOf(last.recipients)], ['failed', null, ['refused']]);
  assert.match(last.reason, /given up after 3 tries/);
  const old = settle(
    people('a'),
    { kind: 'unreached', reason: 'r', reply: null, account: false },
    {
      ...facts,
      ageMs: 999_500,
    },
  );
  assert.equal(old.state, 'failed');
});

test('where the server had all of it and said nothing it is not tried again', () => {
  const outcome = settle(people('a'), { kind: 'uncertain', reason: 'r' }, facts);
  assert.deepEqual([outcome.state, outcome.retryMs], ['uncertain', null]);
});

test('waits double and end at an hour', () => {
  assert.deepEqual(
    [1, 2, 3, 7, 50].map((attempts) => backoffMs(attempts, 60_000)),
    [60_000, 120_000, 240_000, 3_600_000, 3_600_000],
  );
});
