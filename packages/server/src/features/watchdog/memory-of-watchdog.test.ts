import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { SeriesConfig } from '@vigiles/contract';
import { systemClock } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import { alone } from '../../platform/presence/index.ts';
import { silentLog } from '../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../platform/event-log/index.ts';
import { forEachStore } from '../../testing/stores.ts';
import { createSeries, type Series } from '../series/index.ts';
import { until } from './testing/rig.ts';
import { createBeats } from './beats/beats.ts';
import { createIncidents } from './incidents/incidents.ts';
import { createIncidentStore } from './incidents/store.ts';
import { migrations } from './migrations.ts';
import { createStateStore } from './state-store.ts';

forEachStore('what the watchdog remembers', (openStore) => {
  const open = async () => {
    const store = await openStore({ migrations: { ...eventLogMigrations, ...migrations } });
    const events = createEventLog({ store, log: silentLog, validate: true });
    return { store, events };
  };

  it('incidents keep their story, and an early recurrence goes on with the same one', async () => {
    const { store, events } = await open();
    const incidentStore = createIncidentStore({ store, events, owner: store.instance });
    const flipped: string[] = [];
    const openBook = () =>
      createIncidents({
        store: incidentStore,
        presence: alone(store.instance),
        clock: systemClock,
        newId,
        log: silentLog,
        onFlipped: ({ fixedBy }) => flipped.push(fixedBy ?? ''),
      });
    const report = {
      target: 'web',
      code: 'process_dead',
      title: 'web: process died',
      severity: 'critical' as const,
      cause: { kind: 'cause' as const, title: 'process died', detail: 'password=hunter22' },
    };
    const first = openBook();
    const value = first.report(report);
    first.report(report);
    first.close(value, 'fixed', [{ kind: 'outcome', title: 'fixed' }], 'run_1');
    await first.settled();

    const second = openBook();
    await second.load();
    assert.equal(second.of('web'), null);
    const again = second.report(report);
    await second.settled();
    assert.equal(again.incident.id, value.incident.id);
    assert.equal(again.incident.occurrences, 3);
    assert.equal(again.incident.outcome, 'not_fixed');
    assert.deepEqual(flipped, ['run_1']);
    assert.equal(JSON.stringify(again).includes('hunter22'), false);

    const third = openBook();
    await third.load();
    assert.equal(third.of('web')?.incident.id, value.incident.id);
    assert.equal((await incidentStore.list({ state: 'open', limit: 10 })).length, 1);
    assert.equal((await incidentStore.list({ target: 'other', limit: 10 })).length, 0);
    assert.deepEqual(await incidentStore.counts(0), { open: 1, needs_person: 0, last_24h: 1 });
    const types = (await events.read({ afterSeq: 0, limit: 100 })).map(({ type }) => type);
    assert.deepEqual(types, ['incident.opened', 'incident.updated', 'incident.closed', 'incident.updated']);
  });

  it('bars and uptime come back after a restart', async () => {
    const { store } = await open();
    const home = mkdtempSync(join(tmpdir(), 'vigiles-beats-'));
    after(() => rmSync(home, { recursive: true, force: true }));
    const openHistory = () =>
      createSeries({ home, clock: systemClock, log: silentLog, config: SeriesConfig.parse({}) });
    const book = (history: Series) =>
      createBeats({
        store,
        history,
        clock: systemClock,
        log: silentLog,
        watching: () => false,
        publish: () => undefined,
      });
    const history = openHistory();
    const first = book(history);
    const now = Date.now();
    for (let at = 0; at < 120; at += 1) {
      const state = at % 4 === 0 ? 'DOWN' : 'UP';
      first.add('web', { ts: now - 12_000 + at * 100, state, latency_ms: state === 'UP' ? at % 40 : null });
    }
    await first.stop();
    await history.stop();
    const later = openHistory();
    const second = book(later);
    await second.load(['web']);
    assert.deepEqual(second.bar('web'), first.bar('web'));
    await until('its uptime is known', () => second.uptime('web') === 0.75);
    assert.deepEqual(second.latency('web'), first.latency('web'));
    await later.stop();
  });

  it('the last state of a service is known, and every change is an event', async () => {
    const { store, events } = await open();
    const states = createStateStore({ store, events, log: silentLog });
    const change = { service: 'web', reason: 'by hand', pid: null };
    states.save({ ...change, from: 'UNKNOWN', to: 'UP' }, 1);
    states.save({ ...change, from: 'UP', to: 'STOPPED_BY_USER' }, 2);
    await states.settled();
    assert.deepEqual((await states.load()).get('web'), {
      state: 'STOPPED_BY_USER',
      since: 2,
      reason: 'by hand',
    });
    assert.equal((await events.read({ afterSeq: 0, limit: 10, types: ['service.state_changed'] })).length, 2);
  });
});
