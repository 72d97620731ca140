import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service, ServiceState } from '@vigiles/contract';
import { statusSentence } from './sentence.ts';

const fleet = (...states: ServiceState[]): Service[] =>
  states.map((state, i) => ({ name: `s${i}`, title: `S${i}`, state }) as Service);

test('what is down is said first', () => {
  assert.deepEqual(statusSentence(fleet('UP', 'DOWN', 'RECOVERING'), 2), {
    tone: 'bad',
    text: 'S1 is down; S2 is recovering.',
  });
});

test('a long list is shortened', () => {
  assert.equal(statusSentence(fleet('DOWN', 'DOWN', 'DOWN', 'DOWN'), 0).text, 'S0, S1 and 2 more are down.');
});

test('unknown is neither up nor down', () => {
  assert.equal(statusSentence(fleet('UP', 'UNKNOWN'), 0).tone, 'idle');
  assert.match(statusSentence(fleet('UNKNOWN'), 0).text, /cannot tell/);
});

test('an open incident is not hidden by a fleet that is up', () => {
  assert.equal(statusSentence(fleet('UP'), 1).text, 'Everything is up; 1 incident is still open.');
});

test('a service that a person stopped is not a fault', () => {
  assert.deepEqual(statusSentence(fleet('UP', 'STOPPED_BY_USER'), 0), {
    tone: 'ok',
    text: 'Everything that should run is up.',
  });
});
