/** The limits of what the watchdog may do by itself; milliseconds. */
export interface GuardPolicy {
  /** Wait before the 2nd, 3rd, … attempt at the same fault; after the last one a person is asked. */
  cooldownMs: readonly number[];
  maxRestarts: number;
  windowMs: number;
  halfOpenAfterMs: number;
  stormLimit: number;
}

/** What is remembered of one target. Times are on the monotonic clock. */
export interface TargetGuard {
  faults: Record<string, { level: number; lastAt: number }>;
  attempts: number[];
  /** Since when nothing is tried by itself any more; null while the breaker is closed. */
  openSince: number | null;
}

export const newGuard = (): TargetGuard => ({ faults: {}, attempts: [], openSince: null });

export type GuardVerdict =
  | { allow: true; trial: boolean }
  | {
      allow: false;
      guard: 'cooldown' | 'restart_cap' | 'breaker' | 'storm';
      reason: string;
      retryInMs: number;
      /** It does not help to wait a little: somebody has to be told. */
      needsPerson: boolean;
      /** The breaker opens with this refusal. */
      trips: boolean;
    };

const within = (attempts: readonly number[], now: number, windowMs: number) =>
  attempts.filter((at) => now - at < windowMs);

const minutes = (ms: number) =>
  ms >= 120_000 ? `${Math.round(ms / 60_000)} min` : `${Math.ceil(ms / 1000)} s`;

function refuse(
  guard: 'cooldown' | 'restart_cap' | 'breaker' | 'storm',
  reason: string,
  retryInMs: number,
  more: { needsPerson?: boolean; trips?: boolean } = {},
): GuardVerdict {
  return { allow: false, guard, reason, retryInMs, needsPerson: false, trips: false, ...more };
}

/**
 * Whether the watchdog may act on a target now. The first attempt is never delayed; then cooldowns grow, the
 * cap counts all faults of the target together, the storm breaker all targets. An open breaker lets one trial
 * through after `halfOpenAfterMs`: it never stays shut for ever (openclaw#133820).
 */
export function judge(
  target: TargetGuard,
  all: TargetGuard,
  fault: string,
  now: number,
  policy: GuardPolicy,
): GuardVerdict {
  for (const [guard, scope] of [
    [target, 'this service'],
    [all, 'all services together'],
  ] as const) {
    if (guard.openSince === null) continue;
    const left = policy.halfOpenAfterMs - (now - guard.openSince);
    if (left > 0) {
      const reason = `the breaker of ${scope} is open; one trial in ${minutes(left)}`;
      return refuse('breaker', reason, left, { needsPerson: true });
    }
    return { allow: true, trial: true };
  }
  if (within(all.attempts, now, policy.windowMs).length >= policy.stormLimit) {
    const reason = `${policy.stormLimit} actions on all services within ${minutes(policy.windowMs)}`;
    return refuse('storm', reason, policy.halfOpenAfterMs, { needsPerson: true, trips: true });
  }
  if (within(target.attempts, now, policy.windowMs).length >= policy.maxRestarts) {
    const reason = `${policy.maxRestarts} restarts within ${minutes(policy.windowMs)} did not last`;
    return refuse('restart_cap', reason, policy.halfOpenAfterMs, { needsPerson: true, trips: true });
  }
  const past = target.faults[fault];
  if (!past || now - past.lastAt >= policy.windowMs) return { allow: true, trial: false };
  const wait = policy.cooldownMs[past.level - 1];
  if (wait === undefined) {
    const reason = `${past.level} attempts at the same fault did not last`;
    return refuse('cooldown', reason, policy.halfOpenAfterMs, { needsPerson: true, trips: true });
  }
  const left = wait - (now - past.lastAt);
  return left > 0
    ? refuse('cooldown', `cooling down after attempt ${past.level}`, left)
    : { allow: true, trial: false };
}

/** What is remembered after an attempt was allowed. Both guards are new objects. */
export function recordAttempt(
  target: TargetGuard,
  all: TargetGuard,
  fault: string,
  now: number,
  policy: GuardPolicy,
): { target: TargetGuard; all: TargetGuard } {
  const past = target.faults[fault];
  const fresh = !past || now - past.lastAt >= policy.windowMs;
  const add = (guard: TargetGuard): TargetGuard => ({
    ...guard,
    attempts: [...within(guard.attempts, now, policy.windowMs), now],
    // A trial that fails finds the breaker open for another term.
    openSince: guard.openSince === null ? null : now,
  });
  return {
    target: {
      ...add(target),
      faults: { ...target.faults, [fault]: { level: fresh ? 1 : past.level + 1, lastAt: now } },
    },
    all: add(all),
  };
}

/** A verified success closes the breaker; cooldowns and counts stay until the target was quiet for a window. */
export const recordFixed = (guard: TargetGuard): TargetGuard => ({ ...guard, openSince: null });

export const openBreaker = (guard: TargetGuard, now: number): TargetGuard => ({ ...guard, openSince: now });

/**
 * Moves remembered times between clocks: `(at) => at + shift`, held within [now - age limit, now]. A wall clock
 * that was set back between two runs makes times look future: they count as "just now", so that nothing waits
 * longer than one full term and nothing runs free.
 */
export function shiftTimes(guard: TargetGuard, shift: number, now: number): TargetGuard {
  const move = (at: number) => Math.min(now, at + shift);
  return {
    faults: Object.fromEntries(
      Object.entries(guard.faults).map(([fault, past]) => [fault, { ...past, lastAt: move(past.lastAt) }]),
    ),
    attempts: guard.attempts.map(move),
    openSince: guard.openSince === null ? null : move(guard.openSince),
  };
}
