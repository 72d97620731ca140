/** The limits of what the watchdog may do by itself; milliseconds. */
export interface GuardPolicy {
  /** Wait before the 2nd, 3rd, … attempt at the same pattern; after the last one a person is asked. */
  cooldownMs: readonly number[];
  maxRestarts: number;
  windowMs: number;
  halfOpenAfterMs: number;
  stormLimit: number;
}

/** What is remembered of one target. Times are on the monotonic clock. */
export interface TargetGuard {
  /** By pattern: a fault's code or an incident's fingerprint. */
  faults: Record<string, { level: number; lastAt: number }>;
  attempts: number[];
  /** Since when nothing is tried by itself any more; null while the breaker is closed. */
  openSince: number | null;
  /** The last attempt was the trial of an open breaker: if it works, the breaker closes. */
  trial?: boolean;
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
 * through after `halfOpenAfterMs`: it never stays shut for ever (openclaw#133820). Of two open breakers both must
 * have waited.
 */
export function judge(
  target: TargetGuard,
  all: TargetGuard,
  fault: string,
  now: number,
  policy: GuardPolicy,
): GuardVerdict {
  let trial = false;
  for (const [guard, scope] of [
    [target, 'this target'],
    [all, 'all targets together'],
  ] as const) {
    if (guard.openSince === null) continue;
    const left = policy.halfOpenAfterMs - (now - guard.openSince);
    if (left > 0) {
      const reason = `the breaker of ${scope} is open; one trial in ${minutes(left)}`;
      return refuse('breaker', reason, left, { needsPerson: true });
    }
    trial = true;
  }
  if (trial) return { allow: true, trial };
  if (within(all.attempts, now, policy.windowMs).length >= policy.stormLimit) {
    const reason = `${policy.stormLimit} actions on all targets within ${minutes(policy.windowMs)}`;
    return refuse('storm', reason, policy.halfOpenAfterMs, { needsPerson: true, trips: true });
  }
  if (within(target.attempts, now, policy.windowMs).length >= policy.maxRestarts) {
    const reason = `${policy.maxRestarts} attempts within ${minutes(policy.windowMs)} did not last`;
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

/** What is remembered after an attempt was allowed. Both guards are new objects; what is old is forgotten. */
export function recordAttempt(
  target: TargetGuard,
  all: TargetGuard,
  fault: string,
  now: number,
  policy: GuardPolicy,
): { target: TargetGuard; all: TargetGuard } {
  const recent = Object.fromEntries(
    Object.entries(target.faults).filter(([, { lastAt }]) => now - lastAt < policy.windowMs),
  );
  const level = (recent[fault]?.level ?? 0) + 1;
  const add = (guard: TargetGuard): TargetGuard => ({
    ...guard,
    attempts: [...within(guard.attempts, now, policy.windowMs), now],
    // A trial that fails finds the breaker open for another term.
    openSince: guard.openSince === null ? null : now,
    trial: guard.openSince !== null,
  });
  return {
    target: { ...add(target), faults: { ...recent, [fault]: { level, lastAt: now } } },
    all: add(all),
  };
}

/**
 * A verified success closes a breaker whose trial it was; cooldowns and counts stay until the target was quiet for a
 * window. A run that began before the breaker opened proves nothing.
 */
export const recordFixed = (guard: TargetGuard): TargetGuard =>
  guard.openSince !== null && guard.trial ? { ...guard, openSince: null, trial: false } : guard;

/** A person made it work, or says that it may be tried again: whatever was counted is over. */
export const resetGuard = (): TargetGuard => newGuard();

export const openBreaker = (guard: TargetGuard, now: number): TargetGuard => ({
  ...guard,
  openSince: now,
  trial: false,
});

/** Nothing of it matters any more: it need not be kept. */
export const isSpent = (guard: TargetGuard, now: number, policy: GuardPolicy): boolean =>
  guard.openSince === null &&
  within(guard.attempts, now, policy.windowMs).length === 0 &&
  Object.values(guard.faults).every(({ lastAt }) => now - lastAt >= policy.windowMs);

/**
 * Moves remembered times between clocks: `(at) => at + shift`, held within [now - age limit, now]. A wall clock
 * that was set back between two runs makes times look future: they count as "just now", so that nothing waits
 * longer than one full term and nothing runs free.
 */
export function shiftTimes(guard: TargetGuard, shift: number, now: number): TargetGuard {
  const move = (at: number) => Math.min(now, at + shift);
  return {
    ...guard,
    faults: Object.fromEntries(
      Object.entries(guard.faults).map(([fault, past]) => [fault, { ...past, lastAt: move(past.lastAt) }]),
    ),
    attempts: guard.attempts.map(move),
    openSince: guard.openSince === null ? null : move(guard.openSince),
  };
}

/** The moment something was stored, on the clocks of the machine and of the world. */
export interface Stamp {
  /** UTC milliseconds. */
  wall: number;
  /** The boot this happened in; null where the system does not tell. */
  boot: string | null;
  /** Milliseconds since that boot. */
  uptime: number;
}

/**
 * How long ago a stamp was. Within one boot the machine's own clock tells, so that a wall clock that was set in between
 * changes nothing; over a reboot only the wall clock knows, and the past is never in the future.
 */
export const elapsedSince = (stamp: Stamp, now: Stamp): number =>
  stamp.boot !== null && stamp.boot === now.boot && now.uptime >= stamp.uptime
    ? now.uptime - stamp.uptime
    : Math.max(0, now.wall - stamp.wall);
