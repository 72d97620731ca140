import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  elapsedSince,
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

/** Any life of two targets: what happens, and how long after the one before. */
const step = fc.record({
  waitMs: fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 700_000 })),
  target: fc.constantFrom('a', 'b', 'c'),
  fault: fc.constantFrom('x', 'y', 'z'),
  fixed: fc.boolean(),
});

describe('guards, whatever happens', () => {
  const small: GuardPolicy = { ...policy, stormLimit: 8 };

  it('never more than the cap on one target nor the storm limit on all within a window, trials aside', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const guards = new Map<string, ReturnType<typeof newGuard>>();
        let all = newGuard();
        let now = 0;
        const done: { at: number; target: string; fault: string; trial: boolean }[] = [];
        for (const { waitMs, target: name, fault, fixed } of steps) {
          now += waitMs;
          const target = guards.get(name) ?? newGuard();
          const verdict = judge(target, all, fault, now, small);
          if (!verdict.allow) {
            assert.ok(verdict.retryInMs >= 0 && verdict.retryInMs <= small.halfOpenAfterMs);
            if (!verdict.trips) continue;
            if (verdict.guard === 'storm') all = openBreaker(all, now);
            else guards.set(name, openBreaker(target, now));
            continue;
          }
          const moved = recordAttempt(target, all, fault, now, small);
          done.push({ at: now, target: name, fault, trial: verdict.trial });
          all = fixed ? recordFixed(moved.all) : moved.all;
          guards.set(name, fixed ? recordFixed(moved.target) : moved.target);
          const counted = done.filter(({ at, trial }) => !trial && now - at < small.windowMs);
          assert.ok(counted.length <= small.stormLimit);
          assert.ok(counted.filter((one) => one.target === name).length <= small.maxRestarts);
          if (!verdict.trial) {
            const same = done.filter((one) => one.target === name && one.fault === fault).at(-2);
            if (same) assert.ok(now - same.at >= (small.cooldownMs[0] ?? 0));
          }
        }
        // What is remembered stays small.
        for (const guard of guards.values()) assert.ok(Object.keys(guard.faults).length <= 3);
      }),
    );
  });

  it('an open breaker always lets a trial through in the end, and two trials are a term apart', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2_000_000 }), { maxLength: 50 }), (waits) => {
        let target = openBreaker(newGuard(), 0);
        let now = 0;
        let last = 0;
        for (const wait of waits) {
          now += wait;
          const verdict = judge(target, newGuard(), 'x', now, policy);
          assert.equal(verdict.allow, now - last >= policy.halfOpenAfterMs);
          if (!verdict.allow) continue;
          ({ target } = recordAttempt(target, newGuard(), 'x', now, policy));
          last = now;
        }
      }),
    );
  });

  it('a target whose own breaker has waited long enough still waits for the storm breaker', () => {
    const verdict = judge(openBreaker(newGuard(), 0), openBreaker(newGuard(), 500_000), 'x', 600_000, policy);
    assert.equal(verdict.allow, false);
  });

  it('a success that began before the breaker opened does not close it', () => {
    const open = openBreaker(recordAttempt(newGuard(), newGuard(), 'x', 0, policy).target, 1);
    assert.equal(recordFixed(open).openSince, 1);
  });

  it('within one boot the machine’s clock tells how long ago it was, whatever was made of the wall clock', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: 0, max: 1e9 }), (jump, ms) => {
        const stored = { wall: 1e12, boot: 'one', uptime: 5000 };
        const later = { wall: 1e12 + ms + jump, boot: 'one', uptime: 5000 + ms };
        assert.equal(elapsedSince(stored, later), ms);
        assert.ok(elapsedSince(stored, { ...later, boot: 'two' }) >= 0);
      }),
    );
  });
});
