import type { GuardState, WatchdogConfig } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import {
  elapsedSince,
  isSpent,
  judge,
  newGuard,
  openBreaker,
  recordAttempt,
  recordFixed,
  resetGuard,
  shiftTimes,
  type GuardPolicy,
  type GuardVerdict,
  type Stamp,
  type TargetGuard,
} from './core/guards.ts';
import { stampNow } from './machine-clock.ts';

export const guardPolicy = (config: WatchdogConfig): GuardPolicy => ({
  cooldownMs: config.cooldown_s.map((seconds) => seconds * 1000),
  maxRestarts: config.max_restarts,
  windowMs: config.restart_window_s * 1000,
  halfOpenAfterMs: config.half_open_after_s * 1000,
  stormLimit: config.storm_limit,
});

/** Key of what all targets share. No service can have this name. */
export const everything = '*';

/** A guard as it is stored: times in wall time, and when that was. Rows of older versions have no stamp. */
export type StoredGuard = TargetGuard & { at?: Stamp };

/**
 * The guards in memory, on the monotonic clock. They are stored in wall time with a stamp of the machine's own clock,
 * because a monotonic clock ends with its process, and moved back when they are loaded.
 */
export function createGuardBook({
  clock,
  policy,
  stamp = stampNow,
}: {
  clock: Clock;
  policy: () => GuardPolicy;
  stamp?: (wall: number) => Stamp;
}) {
  const guards = new Map<string, TargetGuard>();
  const get = (target: string): TargetGuard => guards.get(target) ?? newGuard();
  const toStore = (targets: readonly string[]): Record<string, StoredGuard> => {
    const now = clock.now();
    const shift = now - clock.monotonic();
    const at = stamp(now);
    return Object.fromEntries(
      targets.map((target) => [target, { ...shiftTimes(get(target), shift, now), at }]),
    );
  };

  return {
    /** @returns targets of which nothing needs to be remembered any more */
    load(stored: Readonly<Record<string, StoredGuard>>): string[] {
      const now = clock.monotonic();
      const present = stamp(clock.now());
      const spent: string[] = [];
      for (const [target, { at, ...guard }] of Object.entries(stored)) {
        const shift = at ? now - elapsedSince(at, present) - at.wall : now - present.wall;
        const moved = shiftTimes(guard, shift, now);
        if (isSpent(moved, now, policy())) spent.push(target);
        else guards.set(target, moved);
      }
      return spent;
    },
    judge(target: string, fault: string): GuardVerdict {
      return judge(get(target), get(everything), fault, clock.monotonic(), policy());
    },
    /** Counts an attempt; the answer is to be stored with the run it belongs to. */
    attempt(target: string, fault: string): Record<string, StoredGuard> {
      const next = recordAttempt(get(target), get(everything), fault, clock.monotonic(), policy());
      guards.set(target, next.target);
      guards.set(everything, next.all);
      return toStore([target, everything]);
    },
    /** A verified success. @returns what changed, and whose breaker closed with it */
    fixed(target: string, byPerson: boolean): { stored: Record<string, StoredGuard>; closed: string[] } {
      const closed: string[] = [];
      for (const name of [target, everything]) {
        const before = get(name);
        const reset = byPerson && name === target && before.openSince !== null;
        const after = reset ? resetGuard() : recordFixed(before);
        if (before.openSince !== null && after.openSince === null) closed.push(name);
        if (after !== before) guards.set(name, after);
      }
      return { stored: toStore(closed), closed };
    },
    trip(target: string): Record<string, StoredGuard> {
      guards.set(target, openBreaker(get(target), clock.monotonic()));
      return toStore([target]);
    },
    /** A person says that it may be tried again at once. */
    reset(target: string): Record<string, StoredGuard> {
      guards.set(target, resetGuard());
      return toStore([target]);
    },
    /** Attempts at a target within the window: for people. */
    countInWindow(target: string): number {
      const now = clock.monotonic();
      return get(target).attempts.filter((at) => now - at < policy().windowMs).length;
    },
    /** How a target stands, for people. */
    state(target: string): GuardState {
      const { windowMs, halfOpenAfterMs, maxRestarts, stormLimit, cooldownMs } = policy();
      const guard = get(target);
      const now = clock.monotonic();
      const wall = (at: number) => Math.round(clock.now() + (at - now));
      const cooldowns = Object.entries(guard.faults)
        .filter(([, { lastAt }]) => now - lastAt < windowMs)
        .map(([pattern, { level, lastAt }]) => {
          const wait = cooldownMs[level - 1];
          return { pattern, attempts: level, next_at: wait === undefined ? null : wall(lastAt + wait) };
        });
      return {
        target,
        restarts_in_window: guard.attempts.filter((at) => now - at < windowMs).length,
        max_restarts: target === everything ? stormLimit : maxRestarts,
        window_s: windowMs / 1000,
        breaker_open_until: guard.openSince === null ? null : wall(guard.openSince + halfOpenAfterMs),
        cooldowns,
      };
    },
    /** Targets of which something is remembered. */
    targets(): string[] {
      const now = clock.monotonic();
      for (const [target, guard] of guards) if (isSpent(guard, now, policy())) guards.delete(target);
      return [...guards.keys()];
    },
  };
}

export type GuardBook = ReturnType<typeof createGuardBook>;
