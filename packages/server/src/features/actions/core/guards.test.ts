import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  judge,
  newGuard,
  openBreaker,
  recordAttempt,
  recordFixed,
  shiftTimes,
  type GuardPolicy,
} from './guards.ts';

const policy: GuardPolicy = {
  cooldownMs: [30_000, 60_000, 300_000],
  maxRestarts: 5,
  windowMs: 600_000,
  halfOpenAfterMs: 600_000,
  stormLimit: 20,
};

/** Attempts as early as the guards allow; answers the moments of the attempts until a person is needed. */
function life(faults: readonly string[], rules = policy) {
  let target = newGuard();
  let all = newGuard();
  let now = 0;
  const moments: number[] = [];
  for (let turn = 0; turn < 1000; turn += 1) {
    const fault = faults[moments.length % faults.length] ?? '';
    const verdict = judge(target, all, fault, now, rules);
    if (verdict.allow) {
      ({ target, all } = recordAttempt(target, all, fault, now, rules));
      moments.push(now);
    } else if (verdict.needsPerson) return { moments, guard: verdict.guard, target, all, now };
    else now += verdict.retryInMs;
  }
  throw new Error('the guards never asked for a person');
}

describe('guards', () => {
  it('the first attempt is never delayed, then 30, 60 and 300 s pass, then a person is asked', () => {
    const { moments, guard } = life(['process_dead']);
    assert.deepEqual(moments, [0, 30_000, 90_000, 390_000]);
    assert.equal(guard, 'cooldown');
  });

  it('five restarts in ten minutes are the limit, whatever the faults were', () => {
    const { moments, guard } = life(['a', 'b', 'c', 'd', 'e', 'f']);
    assert.deepEqual(moments, [0, 0, 0, 0, 0]);
    assert.equal(guard, 'restart_cap');
  });

  it('the storm breaker counts all targets together', () => {
    let all = newGuard();
    for (let at = 0; at < 20; at += 1) ({ all } = recordAttempt(newGuard(), all, 'x', 0, policy));
    const verdict = judge(newGuard(), all, 'x', 0, policy);
    assert.equal(verdict.allow ? '' : verdict.guard, 'storm');
  });

  it('ten quiet minutes reset the cooldown', () => {
    const { target, all } = recordAttempt(newGuard(), newGuard(), 'x', 0, policy);
    assert.equal(judge(target, all, 'x', 1000, policy).allow, false);
    assert.deepEqual(judge(target, all, 'x', 600_000, policy), { allow: true, trial: false });
  });

  it('an open breaker lets one trial through after its time, and only a success closes it', () => {
    const open = openBreaker(newGuard(), 0);
    assert.equal(judge(open, newGuard(), 'x', 599_999, policy).allow, false);
    assert.deepEqual(judge(open, newGuard(), 'x', 600_000, policy), { allow: true, trial: true });
    const tried = recordAttempt(open, newGuard(), 'x', 600_000, policy).target;
    assert.equal(judge(tried, newGuard(), 'x', 600_001, policy).allow, false);
    assert.equal(recordFixed(tried).openSince, null);
  });

  it('a wall clock set back between two runs neither blocks for longer than one term nor runs free', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (jump) => {
        const { target, all } = recordAttempt(newGuard(), newGuard(), 'x', 1e12, policy);
        // Stored in wall time, read back by a process whose clock is elsewhere.
        const now = 5000;
        const moved = shiftTimes(target, now - (1e12 + jump), now);
        const verdict = judge(moved, all, 'x', now, policy);
        if (!verdict.allow) assert.ok(verdict.retryInMs <= 30_000);
        if (jump <= 0) assert.equal(verdict.allow, false);
      }),
    );
  });
});
