import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventMap } from '@vigiles/contract';
import { createHealth } from '../features/gateway/core/health/health.ts';
import { silentLog } from '../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../platform/event-log/index.ts';
import { forEachStore } from '../testing/stores.ts';
import { until } from '../testing/test-control.ts';
import { circuitEvents } from './circuit-events.ts';

forEachStore('events of providers', (openStore, newPlace) => {
  test('a provider that is left alone and comes back is told of in the event log', async () => {
    const store = await openStore({ place: await newPlace(), migrations: eventLogMigrations });
    const events = createEventLog({ store, log: silentLog });
    const health = createHealth(circuitEvents(events, silentLog));
    const entry = health.of('openai', 'gpt');
    health.failed(entry, 1000, { cause: 'quota', namedMs: undefined, message: 'no credit left' });
    health.succeeded(entry, 10, 62_000);
    const told = () => events.read({ afterSeq: 0, limit: 10 });
    await until('both are written', async () => (await told()).length === 2);
    const [opened, closed] = await told();
    assert.equal(opened?.type, 'provider.circuit_opened');
    assert.equal(eventMap['provider.circuit_opened'].parse(opened.data).retry_at, 61_000);
    assert.equal(closed?.type, 'provider.circuit_closed');
    assert.equal(eventMap['provider.circuit_closed'].parse(closed.data).open_ms, 61_000);
  });
});
