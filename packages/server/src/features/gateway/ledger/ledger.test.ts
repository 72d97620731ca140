import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventMap, type Turn } from '@vigiles/contract';
import { silentLog } from '../../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../../platform/event-log/index.ts';
import { openWriter } from '../../../platform/store/writer.ts';
import { forEachStore } from '../../../testing/stores.ts';
import { explainTurn } from '../control/explain.ts';
import { createTurnStore } from '../control/turn-store.ts';
import { createLedger } from './ledger.ts';
import { gatewayMigrations } from './migrations.ts';
import { readSpent } from './spent.ts';
import { writeTurns } from './write-turns.ts';

const turn = (number: number, more: Partial<Turn> = {}): Turn => ({
  id: `trn_${String(number).padStart(6, '0')}`,
  ts: Date.now(),
  device_id: 'dev',
  session_id: null,
  workspace: null,
  client_protocol: 'openai-chat',
  provider: 'p',
  provider_protocol: 'openai-chat',
  model_requested: 'm',
  model: 'm',
  stream: false,
  input_tokens: 10,
  cached_input_tokens: null,
  cache_write_tokens: null,
  cache_write_1h_tokens: null,
  output_tokens: 5,
  reasoning_tokens: null,
  cost_micros: 7,
  counted_micros: 7,
  rate_card: null,
  latency_ms: 1.5,
  ttft_ms: null,
  outcome: 'ok',
  status: 200,
  error_kind: null,
  error_message: null,
  attempts: 1,
  losses: [],
  repairs: [],
  faults: [],
  synthesis: null,
  adaptations: [],
  continuations: [],
  ...more,
});

forEachStore('the ledger', (openStore, newPlace) => {
  test('how a turn was routed is kept beside it, is no part of its event, and a plain turn is explained by its row', async (t) => {
    const place = await newPlace();
    const store = await openStore({ place, migrations: { ...eventLogMigrations, ...gatewayMigrations } });
    const writer = await openWriter(place);
    t.after(() => writer.close());
    const plain = turn(1);
    const attempt = { started_ms: 0, latency_ms: 4.2, status: 503, message: 'busy', model: 'm' };
    const decided = {
      ...explainTurn(plain, null),
      why: 'route' as const,
      route: 'both',
      attempts: [{ ...attempt, provider: 'p', outcome: 'failed' as const, cause: 'overloaded' as const }],
    };
    await writeTurns(writer, [plain, { ...turn(2), decision: JSON.stringify(decided) }]);
    const turns = createTurnStore(store);
    assert.equal(await turns.decision(plain.id), null);
    const { plain: simple, story, attempts } = explainTurn(plain, await turns.decision(plain.id));
    assert.ok(simple && story.length === 2 && attempts.length === 1);
    const moved = await turns.find('trn_000002');
    assert.ok(moved && !('decision' in moved));
    const told = explainTurn(moved, await turns.decision(moved.id));
    assert.match(told.story.join(' '), /`both`.*p\/m failed \(overloaded\) with 503 after 4 ms: busy/);
    const events = createEventLog({ store, log: silentLog });
    const [event] = await events.read({ afterSeq: 1, limit: 1 });
    assert.ok(event && !JSON.stringify(event.data).includes('decided_at'));
  });

  test('every turn is written once and in order, also when a batch fails or is written twice', async (t) => {
    const place = await newPlace();
    const store = await openStore({ place, migrations: { ...eventLogMigrations, ...gatewayMigrations } });
    const writer = await openWriter(place);
    t.after(() => writer.close());
    const events = createEventLog({ store, log: silentLog });
    let failures = 2;
    const ledger = createLedger({
      log: silentLog,
      retryMs: 5,
      sink: {
        async write(turns) {
          await writeTurns(writer, turns);
          // Committed, and then the answer got lost: the ledger cannot know.
          if (failures-- > 0) throw new Error('lost');
        },
        async close() {},
      },
    });
    const losses = [{ path: 'tools[0]', what: 'web_search', why: 'unknown there' }];
    for (let number = 0; number < 450; number += 1)
      ledger.push(turn(number, number === 449 ? { losses, cost_micros: null } : {}));
    assert.equal(await ledger.close(5000), 0);

    const turns = createTurnStore(store);
    const newest = await turns.page({ limit: 3 });
    assert.deepEqual(
      newest.map(({ id }) => id),
      ['trn_000449', 'trn_000448', 'trn_000447'],
    );
    assert.deepEqual(newest[0]?.losses, losses);
    const rest = await turns.page({ limit: 500, before: 'trn_000447' });
    assert.equal(rest.length, 447);
    const settled = await events.read({ afterSeq: 0, limit: 500 });
    assert.deepEqual(
      settled.map(({ subject }) => subject),
      settled.map(({ subject }) => subject).toSorted(),
    );
    assert.equal(settled.length, 450);
    for (const { type, data } of settled) eventMap[type].parse(data);
    const [whole, ...accounts] = await readSpent(store, Date.now());
    const sums = { todayMicros: 450 * 7, monthMicros: 450 * 7 };
    assert.deepEqual(whole, { scope: 'whole', name: '', ...sums });
    assert.deepEqual(accounts, [
      { scope: 'device', name: 'dev', ...sums },
      { scope: 'provider', name: 'p', ...sums },
    ]);
    assert.equal((await turns.spending(Date.now(), 'UTC')).unpricedToday, 1);
  });

  test('a batch that cannot be written whole leaves nothing behind, and the next one is written', async (t) => {
    const place = await newPlace();
    const store = await openStore({ place, migrations: { ...eventLogMigrations, ...gatewayMigrations } });
    const writer = await openWriter(place);
    t.after(() => writer.close());
    const unwritable = { ...turn(2), provider: null } as unknown as Turn;
    await assert.rejects(writeTurns(writer, [turn(1), unwritable]), /provider/);
    await writeTurns(writer, [turn(3)]);
    const page = await createTurnStore(store).page({ limit: 5 });
    assert.deepEqual(
      page.map(({ id }) => id),
      ['trn_000003'],
    );
    assert.equal(await createEventLog({ store, log: silentLog }).head(), 1);
  });
});

test('a ledger that cannot write says that it is full, and what was lost at the end', async () => {
  const ledger = createLedger({
    log: silentLog,
    maxWaiting: 3,
    retryMs: 1,
    sink: {
      async write() {
        throw new Error('disk full');
      },
      async close() {},
    },
  });
  for (let number = 0; number < 4; number += 1) ledger.push(turn(number));
  assert.equal(ledger.full(), true);
  assert.equal(await ledger.close(30), 4);
});
