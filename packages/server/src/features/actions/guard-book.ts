import type { WatchdogConfig } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import {
  judge,
  newGuard,
  openBreaker,
  recordAttempt,
  recordFixed,
  shiftTimes,
  type GuardPolicy,
  type GuardVerdict,
  type TargetGuard,
} from './core/guards.ts';

export const guardPolicy = (config: WatchdogConfig): GuardPolicy => ({
  cooldownMs: config.cooldown_s.map((seconds) => seconds * 1000),
  maxRestarts: config.max_restarts,
  windowMs: config.restart_window_s * 1000,
  halfOpenAfterMs: config.half_open_after_s * 1000,
  stormLimit: config.storm_limit,
});

/** Key of what all targets share. No service can have this name. */
export const everything = '*';

/**
 * The guards in memory, on the monotonic clock. They are stored in wall time, because a monotonic clock ends with its
 * process, and moved back when they are loaded.
 */
export function createGuardBook({ clock, policy }: { clock: Clock; policy: () => GuardPolicy }) {
  const guards = new Map<string, TargetGuard>();
  const get = (target: string): TargetGuard => guards.get(target) ?? newGuard();
  const toStore = (targets: readonly string[]): Record<string, TargetGuard> => {
    const shift = clock.now() - clock.monotonic();
    return Object.fromEntries(targets.map((target) => [target, shiftTimes(get(target), shift, clock.now())]));
  };
  return {
    load(stored: Readonly<Record<string, TargetGuard>>): void {
      const now = clock.monotonic();
      const shift = now - clock.now();
      for (const [target, guard] of Object.entries(stored)) guards.set(target, shiftTimes(guard, shift, now));
    },
    judge(target: string, fault: string): GuardVerdict {
      return judge(get(target), get(everything), fault, clock.monotonic(), policy());
    },
    /** Counts an attempt; the answer is to be stored with the run it belongs to. */
    attempt(target: string, fault: string): Record<string, TargetGuard> {
      const next = recordAttempt(get(target), get(everything), fault, clock.monotonic(), policy());
      guards.set(target, next.target);
      guards.set(everything, next.all);
      return toStore([target, everything]);
    },
    fixed(target: string): Record<string, TargetGuard> {
      for (const name of [target, everything]) guards.set(name, recordFixed(get(name)));
      return toStore([target, everything]);
    },
    trip(target: string): Record<string, TargetGuard> {
      guards.set(target, openBreaker(get(target), clock.monotonic()));
      return toStore([target]);
    },
    /** Restarts of a target within the window: for people. */
    countInWindow(target: string): number {
      const now = clock.monotonic();
      return get(target).attempts.filter((at) => now - at < policy().windowMs).length;
    },
  };
}

export type GuardBook = ReturnType<typeof createGuardBook>;
