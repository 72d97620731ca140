import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../../kernel/clock.ts';
import { newId } from '../../../kernel/ids.ts';
import { alone } from '../../../platform/presence/index.ts';
import { silentLog } from '../../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../../platform/event-log/index.ts';
import { forEachStore } from '../../../testing/stores.ts';
import { migrations } from '../migrations.ts';
import { createIncidents } from './incidents.ts';
import { createIncidentStore } from './store.ts';

/** An incident as the first version wrote it: about a service, without a fingerprint, a tier or a story's name. */
const old = (at: number, state: 'closed' | 'open') => ({
  incident: {
    id: `inc_old_${at}`,
    service: 'shop',
    fault_code: 'process_dead',
    title: 'Shop: process died',
    severity: 'critical',
    state,
    outcome: state === 'closed' ? 'fixed' : null,
    opened_at: at,
    closed_at: state === 'closed' ? at + 1 : null,
    acknowledged_by: null,
    occurrences: 1,
    timeline: [
      {
        ts: at,
        kind: 'cause',
        tier: null,
        title: 'gone',
        detail: '',
        evidence: {},
        actor: 'watchdog',
      },
    ],
  },
  attempts: 1,
  fixedBy: null,
});

forEachStore('incidents of the first version', (openStore, newPlace) => {
  it('are found by what they are searched for now, and an open one goes on', async () => {
    const place = await newPlace();
    const first = {
      ...eventLogMigrations,
      'watchdog-1-services': migrations['watchdog-1-services'] ?? raise(),
    };
    const before = await openStore({ place, migrations: first });
    const db = before.db<{ incident: Record<string, unknown> }>();
    // More than one page of the migration.
    const rows = Array.from({ length: 620 }, (_, at) => old(at + 1, at === 619 ? 'open' : 'closed'));
    for (const { incident, ...more } of rows) {
      const { id, service, state, opened_at, closed_at } = incident;
      const data = JSON.stringify({ incident, ...more });
      await db.insertInto('incident').values({ id, service, state, opened_at, closed_at, data }).execute();
    }
    await before.close();

    const store = await openStore({ place, migrations: { ...eventLogMigrations, ...migrations } });
    const events = createEventLog({ store, log: silentLog });
    await events.start();
    const incidentStore = createIncidentStore({ store, events, owner: store.instance });
    const found = await incidentStore.list({
      fault: 'process_dead',
      search: 'SHOP',
      severity: 'critical',
      limit: 700,
    });
    assert.equal(found.length, 620);
    assert.deepEqual(
      found.slice(0, 1).map(({ id, target, target_class, fault_id, fingerprint, tier }) => ({
        id,
        target,
        target_class,
        fault_id,
        fingerprint,
        tier,
      })),
      [
        {
          id: 'inc_old_620',
          target: 'shop',
          target_class: 'service',
          fault_id: null,
          fingerprint: null,
          tier: null,
        },
      ],
    );
    const incidents = createIncidents({
      store: incidentStore,
      presence: alone(store.instance),
      clock: systemClock,
      newId,
      log: silentLog,
      onFlipped: () => undefined,
    });
    await incidents.load();
    const story = incidents.of('shop');
    assert.ok(story);
    assert.deepEqual([story.tried, story.sighting, story.credit], [[], null, null]);
    incidents.close(story, 'unknown', [{ kind: 'outcome', title: 'It is up' }], null);
    await incidents.settled();
    assert.equal((await incidentStore.byId('inc_old_620'))?.incident.state, 'closed');
    await incidents.stop();
    await events.stop();
  });
});

function raise(): never {
  throw new Error('the first migration is gone');
}
