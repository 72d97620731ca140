import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Turn, VigilesEvent } from '@vigiles/contract';
import { describeEvent, titled } from './describe-event.ts';

const event = (type: string, data: object): VigilesEvent =>
  ({ seq: 1, id: 'e', ts: 0, actor: 'a', subject: 's', type, data }) as unknown as VigilesEvent;
const turn = { id: 't', model: 'm', outcome: 'ok', latency_ms: 812, cost_micros: null } as Turn;

test('a turn without a price is unpriced and never free', () => {
  assert.equal(describeEvent(event('turn.settled', { turn })).text, 'turn in 812 ms, unpriced');
});

test('a service that became unknown is not told as a failure', () => {
  const data = { service: 'x', from: 'UP', to: 'UNKNOWN', reason: '', pid: null };
  assert.deepEqual(describeEvent(event('service.state_changed', data)), {
    tone: 'idle',
    subject: 'x',
    text: 'is unknown',
    to: { screen: 'fleet', service: 'x' },
  });
});

test('an event of a newer server is still a line', () => {
  assert.equal(describeEvent(event('future.thing', {})).text, 'future.thing');
});

test('names from the code become titles and sentences stay', () => {
  assert.equal(titled('restart_dead_process'), 'Restart dead process');
  assert.equal(titled('Killed by signal 9'), 'Killed by signal 9');
});
