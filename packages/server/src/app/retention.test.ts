import assert from 'node:assert/strict';
import { VigilesConfig } from '@vigiles/contract';
import { it } from 'node:test';
import { systemClock } from '../kernel/clock.ts';
import { silentLog } from '../kernel/log.ts';
import { createEventLog } from '../platform/event-log/index.ts';
import { forEachStore } from '../testing/stores.ts';
import { startTestControl, until } from '../testing/test-control.ts';
import { writeTurns } from '../features/gateway/ledger/write-turns.ts';
import { openWriter } from '../platform/store/writer.ts';
import { migrations } from './migrations.ts';
import { createRetention } from './retention.ts';

const dayMs = 86_400_000;

const turnOf = (id: string, ts: number) => ({
  id,
  ts,
  device_id: 'd',
  session_id: null,
  workspace: null,
  client_protocol: 'openai-chat' as const,
  provider: 'p',
  provider_protocol: 'openai-chat' as const,
  model_requested: 'm',
  model: 'm',
  stream: false,
  input_tokens: 1,
  cached_input_tokens: null,
  cache_write_tokens: null,
  cache_write_1h_tokens: null,
  output_tokens: 1,
  reasoning_tokens: null,
  cost_micros: null,
  counted_micros: 0,
  rate_card: null,
  latency_ms: 1,
  ttft_ms: null,
  outcome: 'ok' as const,
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
});

forEachStore('retention', (openStore, newPlace) => {
  it('deletes events and turns that are older than the configuration wants to keep', async () => {
    const place = await newPlace();
    const store = await openStore({ place, migrations });
    const now = systemClock.now();
    const past = { ...systemClock, now: () => now - 40 * dayMs };
    const old = createEventLog({ store, log: silentLog, clock: past });
    await old.transaction(async (tx) => {
      for (let n = 0; n < 2_500; n += 1)
        tx.append('system.stopped', { actor: 'test', subject: 's', data: { reason: String(n) } });
    });
    const writer = await openWriter(place);
    await writeTurns(writer, [turnOf('old', now - 401 * dayMs), turnOf('new', now - 399 * dayMs)]);
    await writer.close();
    const events = createEventLog({ store, log: silentLog });
    assert.equal(await events.oldest(), 1);
    const config = VigilesConfig.parse({});
    const retention = createRetention({
      store,
      events,
      clock: systemClock,
      log: silentLog,
      config: () => config,
      firstMs: 1,
    });
    await retention.start?.();
    const turns = () => store.report<{ id: string }>('select id from turn');
    await until('old records are gone', async () => (await turns()).length === 1);
    await retention.stop?.();
    assert.deepEqual(await turns(), [{ id: 'new' }]);
    // The newest thousand stay, however old.
    assert.equal(await events.oldest(), (await events.head()) - 999);
  });
});

it('a client that resumes from below the oldest kept event is told, on every way', async () => {
  const control = await startTestControl();
  try {
    await control.appendAlerts(20);
    await control.control.events.prune({ olderThanMs: -1000, keep: 5 });
    const oldest = await control.control.events.oldest();
    assert.ok(oldest > 2);
    const page = await control.call<{ oldest_seq: number; events: { seq: number }[] }>(
      'GET',
      '/api/v1/events',
    );
    assert.equal(page.body.oldest_seq, oldest);
    assert.equal(page.body.events[0]?.seq, oldest);

    const opening = async (afterSeq: number): Promise<string> => {
      const abort = new AbortController();
      const response = await fetch(`${control.url}/api/v1/events/stream?after_seq=${afterSeq}`, {
        headers: { authorization: `Bearer ${control.admin}` },
        signal: abort.signal,
      });
      let text = '';
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk as Uint8Array).toString();
        if (text.includes('\nid:') || text.includes('id: ')) break;
      }
      abort.abort();
      return text;
    };
    const below = await opening(1);
    assert.match(below, /event: reset/);
    assert.match(below, new RegExp(`"oldest_seq":${oldest},"reset":true`));
    const joined = await opening(oldest - 1);
    assert.doesNotMatch(joined, /event: reset/);
    assert.match(joined, /"reset":false/);
  } finally {
    await control.close();
  }
});
