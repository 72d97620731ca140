import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../../kernel/clock.ts';
import { newId } from '../../../kernel/ids.ts';
import { alone } from '../../../platform/presence/index.ts';
import { silentLog } from '../../../kernel/log.ts';
import { createIncidents } from './incidents.ts';
import type { IncidentStore } from './store.ts';
import type { StoredIncident } from './stored-incident.ts';

function open() {
  const saved: StoredIncident[] = [];
  const incidents = createIncidents({
    store: { save: async (value: StoredIncident) => void saved.push(value) } as unknown as IncidentStore,
    presence: alone('control'),
    clock: systemClock,
    newId,
    log: silentLog,
    onFlipped: () => undefined,
  });
  const report = () =>
    incidents.report({
      target: 'web',
      code: 'service.dead',
      title: 'web is dead',
      severity: 'critical',
      cause: { kind: 'cause', title: 'It ended' },
    });
  return { saved, incidents, report };
}

it('what comes late of a story that is over is written down, and does not open it again', async () => {
  const { saved, incidents, report } = open();
  const story = report();
  incidents.close(story, 'unknown', [], null);
  incidents.update(story, { state: 'acting', tier: 1 }, [{ kind: 'action', title: 'Restart' }]);
  await incidents.settled();
  const last = saved.at(-1)?.incident;
  assert.deepEqual([last?.state, last?.outcome, last?.tier], ['closed', 'unknown', 1]);
  assert.equal(last?.timeline.at(-1)?.title, 'Restart');
  assert.deepEqual(incidents.openStories(), []);
});

it('a fix that did not last opens its story again', async () => {
  const { saved, incidents, report } = open();
  incidents.close(report(), 'fixed', [], 'run_1');
  report();
  await incidents.settled();
  assert.deepEqual([saved.at(-1)?.incident.state, saved.at(-1)?.incident.outcome], ['open', 'not_fixed']);
});
