import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCallFaults, QUIET_MS, WINDOW_MS, type FaultyTurn } from './call-faults.ts';

const turn = (at: number, fault: string, recovered = false, model = 'weak'): FaultyTurn => ({
  id: `trn_${at}`,
  provider: 'p',
  model,
  session_id: `s${at % 2}`,
  faults: [{ fault, count: 1, recovered, detail: 'seen' }],
});

test('a code is told after as many turns as the catalogue says, within the window', () => {
  for (const [fault, after] of [
    ['C1', 3],
    ['C2', 5],
    ['C3', 5],
    ['C4', 5],
    ['C5', 3],
    ['C6', 3],
    ['C7', 3],
    ['C8', 3],
    ['C9', 10],
    ['C10', 1],
  ] as const) {
    const faults = createCallFaults();
    const told = Array.from({ length: after }, (_, at) => faults.seen(turn(at, fault), at * 1000));
    assert.deepEqual(told.map(Boolean), [...Array<boolean>(after - 1).fill(false), true], fault);
    assert.equal(told.at(-1)?.code, fault);
  }
  const slow = createCallFaults();
  for (let at = 0; at < 20; at++) assert.equal(slow.seen(turn(at, 'C1'), (at * WINDOW_MS) / 2), undefined);
});

test('a thousand garbled turns in a minute are one report; the next one comes a minute later and counts them', () => {
  const faults = createCallFaults();
  const told = Array.from({ length: 1000 }, (_, at) => faults.seen(turn(at, 'C3'), at * 59)).filter(Boolean);
  assert.equal(told.length, 1);
  const next = faults.seen(turn(1000, 'C3'), 61_000);
  assert.equal(next?.turns, 996);
  assert.deepEqual(next.evidence['last_turns'], ['trn_996', 'trn_997', 'trn_998', 'trn_999', 'trn_1000']);
});

test('what was recovered every time is for information only, and a stuck model is critical', () => {
  const faults = createCallFaults();
  const told = Array.from({ length: 5 }, (_, at) => faults.seen(turn(at, 'C3', true), at)).at(-1);
  assert.equal(told?.severity, 'info');
  assert.equal(createCallFaults().seen(turn(0, 'C10'), 0)?.severity, 'critical');
});

test('models are told apart, and only so many are remembered', () => {
  const faults = createCallFaults();
  for (let at = 0; at < 1000; at++) faults.seen(turn(at, 'C1', false, `m${at}`), at);
  assert.equal(faults.seen(turn(0, 'C1', false, 'm999'), 1001), undefined);
  assert.equal(faults.quiet('model:p/m999', 0, 1001 + QUIET_MS), true);
  assert.equal(faults.quiet('model:p/m999', 0, QUIET_MS), false);
});
