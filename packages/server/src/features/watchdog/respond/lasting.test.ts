import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActionRun, FaultEntry } from '@vigiles/contract';
import { systemClock } from '../../../kernel/clock.ts';
import type { StoredIncident } from '../incidents/stored-incident.ts';
import { createEpisodes } from './episodes.ts';
import { createLasting } from './lasting.ts';

const incident = {
  key: 'k',
  incident: { fault_id: 'B2', target: 'provider:p' },
} as unknown as StoredIncident;
const verify = (more: Partial<FaultEntry['verify']>): FaultEntry['verify'] => ({
  by: 'quiet',
  quiet_s: 0.2,
  timeout_s: 0.6,
  ...more,
});
const ended = (outcome: ActionRun['outcome']) => ({ outcome }) as ActionRun;

function rig(lastSeen: () => { at: number; lasting: boolean } | null) {
  const episodes = createEpisodes();
  const finished: string[] = [];
  const detection = {
    lastSeen,
    finish: (fault: string, target: string) => void finished.push(`${fault} ${target}`),
  };
  return { episodes, finished, lasting: createLasting({ episodes, clock: systemClock, detection }) };
}

test('what an action proved is fixed once the fault was not seen for so long, and the next one is another', async () => {
  const begun = Date.now();
  const { lasting, finished } = rig(() => ({ at: begun - 5000, lasting: false }));
  assert.equal(await lasting(incident, ended('fixed'), verify({})), 'fixed');
  assert.deepEqual(finished, ['B2 provider:p']);
});

test('a fault that goes on being seen is not fixed, whatever the action thinks', async () => {
  const { lasting, finished } = rig(() => ({ at: Date.now(), lasting: false }));
  assert.equal(await lasting(incident, ended('fixed'), verify({})), 'not_fixed');
  assert.deepEqual(finished, []);
});

test('something that is true until it is cleared does not become quiet', async () => {
  const begun = Date.now();
  const { lasting } = rig(() => ({ at: begun - 5000, lasting: true }));
  assert.equal(await lasting(incident, ended('fixed'), verify({})), 'not_fixed');
});

test('silence alone proves nothing where the action saw nothing either', async () => {
  const begun = Date.now();
  const { lasting } = rig(() => ({ at: begun - 5000, lasting: false }));
  assert.equal(await lasting(incident, ended('unknown'), verify({})), 'unknown');
});

test('what is seen to be over is fixed at once', async () => {
  const { lasting, episodes } = rig(() => ({ at: Date.now(), lasting: false }));
  const judged = lasting(incident, ended('unknown'), verify({ timeout_s: 60 }));
  episodes.cleared('k');
  assert.equal(await judged, 'fixed');
});
