import type { ServiceState } from '@vigiles/contract';
import type { Decision, Effect, FaultCode, Memory, Moment, Policy, Seen } from './memory.ts';

/** Everything a transition may look at. */
export interface Given {
  now: Moment;
  policy: Policy;
}

export const stay = (memory: Memory): Decision => ({ memory, effects: [] });

/** Enters a state; staying in the same one only renews the reason. */
export function enter(memory: Memory, to: ServiceState, reason: string, now: Moment): Decision {
  if (memory.state === to) return { memory: { ...memory, reason }, effects: [] };
  return {
    memory: { ...memory, state: to, since: now.wall, reason },
    effects: [{ kind: 'changed', from: memory.state, to, reason }],
  };
}

/** Down, and what follows: a fault to act on, unless its parent is the cause. */
export function goDown(
  memory: Memory,
  code: FaultCode,
  reason: string,
  now: Moment,
  still = memory.state === 'UNKNOWN' && memory.faulty,
): Decision {
  const down = enter(memory, 'DOWN', reason, now);
  const effect: Effect =
    memory.parentDown === null
      ? { kind: 'fault', code, reason, still }
      : { kind: 'suppressed', parent: memory.parentDown, reason };
  return { memory: { ...down.memory, faulty: true, hold: null }, effects: [...down.effects, effect] };
}

export function goUp(memory: Memory, now: Moment): Decision {
  const up = enter(memory, 'UP', 'healthy', now);
  const effects: Effect[] = memory.faulty
    ? [...up.effects, { kind: 'recovered', reason: 'healthy again' }]
    : up.effects;
  return { memory: { ...up.memory, faulty: false, ended: false, hold: null, startedAt: null }, effects };
}

const countOf = (memory: Memory, check: string) => memory.checks[check] ?? { failures: 0, successes: 0 };

export const withSuccess = (memory: Memory, check: string): Memory => ({
  ...memory,
  checks: {
    ...memory.checks,
    [check]: { failures: 0, successes: countOf(memory, check).successes + 1 },
  },
});

export const withFailure = (memory: Memory, check: string): Memory => ({
  ...memory,
  checks: { ...memory.checks, [check]: { failures: countOf(memory, check).failures + 1, successes: 0 } },
});

/** Every check succeeded at least so often in a row. */
export const allSucceed = (memory: Memory, policy: Policy, times: number): boolean =>
  policy.checks.length > 0 && policy.checks.every((check) => countOf(memory, check).successes >= times);

/** An action is ending the instance: until a new one runs, nothing that is seen counts. */
export const isHeld = (memory: Memory, now: Moment): boolean =>
  memory.hold !== null && now.monotonic < memory.hold.until;

/** Seen at an instance that does not run any more: the answer came after the exit. */
export const isOutdated = (memory: Memory, seen: { instance: string | null }): boolean =>
  seen.instance !== null && memory.instance !== null && seen.instance !== memory.instance;

/** A new instance that was not up yet is given time. */
const isStarting = (memory: Memory, { now, policy }: Given): boolean =>
  memory.startedAt !== null && now.monotonic - memory.startedAt < policy.startGraceMs;

function codeOf(seen: Seen<'unhealthy' | 'slow'>): FaultCode {
  if (seen.kind === 'slow' || seen.frozen === true) return 'not_responding';
  return seen.refused === true ? 'refusing' : 'check_failing';
}

/** One failing look, in any state where looks count. */
export function failing(memory: Memory, seen: Seen<'unhealthy' | 'slow'>, given: Given): Decision {
  const { now, policy } = given;
  if (isHeld(memory, now) || isOutdated(memory, seen)) return stay(memory);
  if (isStarting(memory, given)) return stay({ ...memory, reason: `starting: ${seen.reason}` });
  const counted = withFailure(memory, seen.check);
  const limit = seen.kind === 'slow' ? policy.slowFailuresToDown : policy.failuresToDown;
  if (countOf(counted, seen.check).failures >= limit) {
    return goDown(counted, codeOf(seen), seen.reason, now);
  }
  // Going from UP it is suspected first; a service already doubted stays where it is.
  return memory.state === 'UP'
    ? enter(counted, 'SUSPECT', seen.reason, now)
    : stay({ ...counted, reason: seen.reason });
}

/** One check cannot tell: it neither makes a service down, nor hides that another check or its end did. */
export function blinded(memory: Memory, { check, reason }: Seen<'blind'>, { now }: Given): Decision {
  if (isHeld(memory, now)) return stay(memory);
  const next = { ...memory, checks: { ...memory.checks, [check]: { failures: 0, successes: 0 } } };
  const others = Object.entries(memory.checks).flatMap(([id, count]) => (id === check ? [] : [count]));
  if (others.some(({ failures }) => failures > 0)) return stay(next);
  if (memory.state === 'DOWN' && memory.ended) return stay(next);
  return enter(next, 'UNKNOWN', reason, now);
}

/** One good look; `times` in a row of every check make it up. */
export function succeeding(memory: Memory, seen: Seen<'healthy'>, given: Given, times: number): Decision {
  if (isHeld(memory, given.now) || isOutdated(memory, seen)) return stay(memory);
  const counted = withSuccess(memory, seen.check);
  return allSucceed(counted, given.policy, times) ? goUp(counted, given.now) : stay(counted);
}

/** In a state in which counting on would report the same fault with every look. */
export const stillFailing = (memory: Memory, check: string): Memory => ({
  ...memory,
  checks: { ...memory.checks, [check]: { failures: 1, successes: 0 } },
});

/** A new instance: nothing that was counted before belongs to it. */
export const withInstance = (memory: Memory, instance: string, now: Moment): Memory => ({
  ...memory,
  instance,
  startedAt: now.monotonic,
  checks: {},
  hold: null,
  ended: false,
});

export const withoutInstance = (memory: Memory): Memory => ({
  ...memory,
  instance: null,
  startedAt: null,
  checks: {},
});
