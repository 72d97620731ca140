import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FailureCause } from '@vigiles/contract';
import { assert as check, integer, property } from 'fast-check';
import { createHealth, type CircuitChange } from './health.ts';
import { blockOf, claimProbe, failuresOf, namedWaitOf, releaseProbe } from './health-entry.ts';
import { causeRules } from './rules.ts';

const T = 1_000_000;
const fail = (cause: FailureCause, namedMs?: number) => ({ cause, namedMs, message: 'm' });

test('each cause opens the circuit after its own number of failures and for its own time', () => {
  for (const cause of Object.keys(causeRules) as FailureCause[]) {
    const health = createHealth();
    const entry = health.of('p', 'm');
    const { opensAt, coolMs } = causeRules[cause];
    for (let n = 1; n < opensAt; n += 1) {
      health.failed(entry, T, fail(cause));
      assert.equal(blockOf(entry, T), null, `${cause} after ${n}`);
    }
    health.failed(entry, T, fail(cause));
    assert.equal(blockOf(entry, T)?.until, T + coolMs, cause);
    assert.equal(blockOf(entry, T + coolMs), null);
  }
});

test('a failed probe doubles the pause up to its limit, and a success forgets it all', () => {
  const health = createHealth();
  const entry = health.of('p', 'm');
  let now = T;
  const pauses: number[] = [];
  for (let n = 0; n < 12; n += 1) {
    health.failed(entry, now, fail('overloaded'));
    const until = blockOf(entry, now)?.until ?? 0;
    pauses.push(until - now);
    now = until;
  }
  assert.deepEqual(pauses.slice(0, 4), [3000, 6000, 12_000, 24_000]);
  assert.equal(pauses.at(-1), causeRules.overloaded.maxMs);
  health.succeeded(entry, 100, now);
  assert.equal(failuresOf(entry, now), 0);
  health.failed(entry, now, fail('overloaded'));
  assert.equal((blockOf(entry, now)?.until ?? 0) - now, 3000);
});

test('turns that fail together count as one opening', () => {
  const health = createHealth();
  const entry = health.of('p', 'm');
  for (let n = 0; n < 50; n += 1) health.failed(entry, T, fail('overloaded'));
  assert.equal(blockOf(entry, T)?.until, T + 3000);
});

test('a cooled circuit lets exactly one of any number of turns in, until that one is over', () => {
  check(
    property(integer({ min: 1, max: 200 }), (turns) => {
      const health = createHealth();
      const entry = health.of('p', 'm');
      health.failed(entry, T, fail('rate-limited', 100));
      let inside = 0;
      for (let n = 0; n < turns; n += 1) {
        if (blockOf(entry, T + 100)) continue;
        claimProbe(entry, T + 100);
        inside += 1;
      }
      assert.equal(inside, 1);
      assert.equal(blockOf(entry, T + 100)?.probing, true);
      releaseProbe(entry);
      assert.equal(blockOf(entry, T + 100), null);
    }),
  );
});

test('a wait that the provider names is kept to, within reason', () => {
  const health = createHealth();
  const entry = health.of('p', 'm');
  health.failed(entry, T, fail('rate-limited', 86_400_000));
  assert.equal(namedWaitOf(entry), T + 600_000);
  assert.equal(namedWaitOf(health.of('p', 'other')), 0);
});

test('a wrong key concerns every model of its provider, and a new configuration forgets it', () => {
  const health = createHealth();
  health.failed(health.of('p', 'm'), T, fail('auth'));
  assert.ok(blockOf(health.of('p', 'other'), T));
  health.forget('p');
  assert.equal(blockOf(health.of('p', 'other'), T), null);
});

test('long pauses are announced once, with their end', () => {
  const told: CircuitChange['type'][] = [];
  const health = createHealth(({ type }) => told.push(type));
  const entry = health.of('p', 'm');
  health.failed(entry, T, fail('overloaded'));
  assert.deepEqual(told, [], 'three seconds are nothing to speak of');
  health.failed(entry, T, fail('quota'));
  health.failed(entry, T + 60_000, fail('quota'));
  health.succeeded(entry, 10, T + 70_000);
  assert.deepEqual(told, ['opened', 'closed']);
});

test('what is kept does not grow with the names that clients think of', () => {
  const health = createHealth();
  for (let n = 0; n < 5000; n += 1) health.succeeded(health.of('p', `m${n}`), 10, T);
  assert.ok(health.list(T, 10_000).length <= 1000);
});
