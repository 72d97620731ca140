import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MailConfig, MailMessage, VigilesConfig, type Mail } from '@vigiles/contract';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../platform/event-log/index.ts';
import { forEachStore, type OpenStore, type StorePlace } from '../../testing/stores.ts';
import { createQuotas } from '../quotas/index.ts';
import { quotaMigrations } from '../quotas/migrations.ts';
import { createMailBook } from './book.ts';
import { checkMessage, type CheckedMail } from './core/message.ts';
import type { Outcome } from './core/outcome.ts';
import { mailMigrations } from './migrations.ts';
import { createMailReader } from './reader.ts';
import { createMailStore, type Put } from './store.ts';
import { createMailTries } from './tries.ts';

const migrations = { ...eventLogMigrations, ...mailMigrations, ...quotaMigrations };
const start = Date.UTC(2026, 10, 21, 12);

async function open(openStore: OpenStore, place: StorePlace, dailyQuota: number | 'none' = 'none') {
  const store = await openStore({ migrations, place });
  const events = createEventLog({ store, log: silentLog, clock: systemClock });
  const time = { now: start };
  const now = () => time.now;
  const quotas = createQuotas({
    store,
    events,
    clock: { ...systemClock, now },
    log: silentLog,
    config: () =>
      VigilesConfig.parse({ quotas: { devices: { phone: { email_quota: { daily: dailyQuota } } } } }),
  });
  const book = createMailBook(store, events, now, quotas.quotas);
  let last = 0;
  const out = { ...createMailStore(book), ...createMailTries(book) };
  return {
    out,
    reader: createMailReader(store, now),
    time,
    put: (key: string | null = null, more: { to?: string[]; digest?: string; until?: number } = {}) =>
      out.put({
        id: `mail_${store.instance}_${(last += 1)}`,
        messageId: `<${last}@ok.example>`,
        device: { id: 'dev_1', name: 'phone' },
        mail: checkMessage(
          MailMessage.parse({ to: more.to ?? ['a@ok.example'], body: 'text' }),
          MailConfig.parse({}),
        ) as CheckedMail,
        key,
        digest: more.digest ?? 'd',
        approvalUntil: more.until ?? null,
        dailyLimit: 10,
      }),
  };
}

const mailOf = (put: Put): Mail => {
  assert.ok(put.kind === 'new' || put.kind === 'known', put.kind);
  return put.mail;
};
const outcome = (mail: Mail, state: Outcome['state'], more: Partial<Outcome> = {}): Outcome => ({
  state,
  recipients: mail.recipients.map((one) => ({ ...one, state: state === 'sent' ? 'taken' : 'pending' })),
  reason: '',
  code: null,
  retryMs: state === 'queued' ? 1000 : null,
  ...more,
});

forEachStore('the outbox', (openStore, newPlace) => {
  it('the same key is one mail, and another mail with it is refused', async () => {
    const { put } = await open(openStore, await newPlace());
    const together = await Promise.all(Array.from({ length: 8 }, () => put('k')));
    assert.deepEqual(together.map(({ kind }) => kind).toSorted(), [
      'known',
      'known',
      'known',
      'known',
      'known',
      'known',
      'known',
      'new',
    ]);
    assert.equal(new Set(together.map((one) => mailOf(one).id)).size, 1);
    assert.equal((await put('k', { digest: 'other' })).kind, 'other');
    assert.equal((await put(null)).kind, 'new');
    assert.equal((await put(null)).kind, 'new');
  });

  it('of thirty recipients at once a limit of ten lets exactly ten through, and a new day begins anew', async () => {
    const { put, reader, time, out } = await open(openStore, await newPlace());
    const asked = await Promise.all(Array.from({ length: 30 }, () => put()));
    assert.equal(asked.filter(({ kind }) => kind === 'new').length, 10);
    assert.equal((await reader.today()).used, 10);
    const first = mailOf(asked.find(({ kind }) => kind === 'new') as Put);
    await out.end(first.id, 'discarded', ['queued'], 'not wanted', 'device:dev_1');
    assert.equal((await reader.today()).used, 9);
    assert.deepEqual(await put(null, { to: ['a@ok.example', 'b@ok.example'] }), { kind: 'full', left: 1 });
    time.now += 86_400_000;
    assert.equal((await put()).kind, 'new');
  });

  it('a device’s quota counts recipients, refuses without a trace, and has back what is discarded unsent', async () => {
    const { put, reader, out } = await open(openStore, await newPlace(), 3);
    const both = { to: ['a@ok.example', 'b@ok.example'] };
    const first = mailOf(await put(null, both));
    await assert.rejects(put(null, both), /2 of 3 recipients of mail/);
    assert.equal((await reader.today()).used, 2);
    assert.deepEqual(await reader.counts(), { queued: 1 });
    await out.end(first.id, 'discarded', ['queued'], 'not wanted', 'device:dev_1');
    assert.equal((await put(null, { to: ['a@ok.example', 'b@ok.example', 'c@ok.example'] })).kind, 'new');
  });

  it('a mail is taken for a try once, and its text is gone when it is sent', async () => {
    const { put, reader, out } = await open(openStore, await newPlace());
    const mail = mailOf(await put());
    const claims = await Promise.all([out.claim(mail.id, null), out.claim(mail.id, null)]);
    assert.equal(claims.filter((one) => one !== null).length, 1);
    assert.equal((await reader.content(mail.id))?.text, 'text');
    assert.equal(await out.dataBegins(mail.id), true);
    await out.settle(mail.id, outcome(mail, 'sent'), 1);
    const after = await reader.detail(mail.id);
    assert.deepEqual([after?.state, after?.kept, after?.body], ['sent', false, null]);
    assert.deepEqual(await reader.today(), { used: 1, taken: 1 });
    assert.equal(await out.claim(mail.id, null), null);
    assert.equal(await out.again(mail.id, 'device:dev_2', 10), null);
  });

  it('what a killed process had begun to give away is uncertain, what it had not waits again', async () => {
    const place = await newPlace();
    const before = await open(openStore, place);
    const [begun, not] = [mailOf(await before.put()), mailOf(await before.put())];
    await before.out.claim(begun.id, null);
    await before.out.dataBegins(begun.id);
    await before.out.claim(not.id, null);
    const after = await open(openStore, place);
    // On PostgreSQL the other one may live: its claim has to end first.
    after.time.now += 1_000_000;
    await after.out.recover();
    assert.equal((await after.reader.find(begun.id))?.state, 'uncertain');
    assert.equal((await after.reader.find(not.id))?.state, 'queued');
    // Who comes back too late changes nothing.
    assert.equal(await before.out.settle(begun.id, outcome(begun, 'sent'), 1), null);
    assert.equal(((await after.out.again(begun.id, 'device:dev_2', 10)) as Mail).state, 'queued');
  });

  it('what a try of ours came to and could not be written is uncertain once its claim is over', async () => {
    const { put, reader, out, time } = await open(openStore, await newPlace());
    const mail = mailOf(await put());
    await out.claim(mail.id, null);
    await out.dataBegins(mail.id);
    await out.recover();
    assert.equal((await reader.find(mail.id))?.state, 'sending');
    time.now += 1_000_000;
    await out.recover();
    assert.equal((await reader.find(mail.id))?.state, 'uncertain');
  });

  it('two people who have a mail sent again at once use up the day once', async () => {
    const place = await newPlace();
    const { put, reader, out } = await open(openStore, place);
    const mail = mailOf(await put());
    await out.claim(mail.id, null);
    await out.settle(mail.id, outcome(mail, 'failed'), 1);
    const others = await Promise.all([open(openStore, place), open(openStore, place)]);
    const again = await Promise.all(
      [out, ...others.map((one) => one.out)].flatMap((one) => [
        one.again(mail.id, 'device:dev_2', 10),
        one.again(mail.id, 'device:dev_3', 10),
      ]),
    );
    assert.ok(again.every((one) => one !== null && typeof one !== 'number'));
    assert.equal((await reader.today()).used, 2);
  });

  it('a dead letter is sent again for those who do not have it, or discarded with its text', async () => {
    const { put, reader, out, time } = await open(openStore, await newPlace());
    const mail = mailOf(await put(null, { to: ['a@ok.example', 'b@ok.example'] }));
    await out.claim(mail.id, null);
    const [first, second] = mail.recipients;
    assert.ok(first && second);
    const recipients: Mail['recipients'] = [
      { ...first, state: 'taken' },
      { ...second, state: 'refused' },
    ];
    await out.settle(mail.id, { ...outcome(mail, 'partly_sent'), recipients }, 1);
    const again = await out.again(mail.id, 'device:dev_2', 10);
    assert.ok(again !== null && typeof again !== 'number');
    assert.deepEqual(
      again.recipients.map(({ state }) => state),
      ['taken', 'pending'],
    );
    await out.end(mail.id, 'discarded', ['queued'], 'not wanted', 'device:dev_2');
    assert.equal(await reader.content(mail.id), null);
    time.now += 10;
    assert.equal(await out.prune(time.now), 1);
    assert.equal(await reader.find(mail.id), null);
  });

  it('pages go from the newest to the oldest, each mail once', async () => {
    const { put, reader, time } = await open(openStore, await newPlace());
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) {
      time.now += at % 2;
      ids.push(mailOf(await put()).id);
    }
    const seen: string[] = [];
    for (let before: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof reader.list>> = await reader.list({
        states: ['queued'],
        limit: 2,
        before,
      });
      seen.push(...page.mails.map(({ id }) => id));
      assert.equal(page.total, 5);
      before = page.next;
      if (before === null) break;
    }
    assert.deepEqual(seen.toSorted(), ids.toSorted());
    assert.deepEqual(await reader.counts(), { queued: 5 });
  });
});
