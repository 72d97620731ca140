import type { Clock } from '../../kernel/clock.ts';

export interface SelfWatchOptions {
  clock: Clock;
  /** How often we look at ourselves; 250 ms unless said otherwise. */
  intervalMs?: number;
  /** A tick this much too late means that probes cannot be trusted; 1 s unless said otherwise. */
  lagMs?: number;
}

/** Watches the watcher: tells when our own trouble makes what we saw of others worthless. */
export interface SelfWatch {
  /** Why something seen between these monotonic times cannot be trusted; null when it can. */
  troubleSince(monotonicMs: number): string | null;
  /** Reports trouble that another part has found (a database that stalls, no network at all). */
  report(reason: string): void;
  start(): void;
  stop(): void;
}

/**
 * A timer that comes late shows a blocked event loop; wall time that ran ahead of the monotonic clock shows a
 * suspended machine (Linux stops CLOCK_MONOTONIC in suspend) or a clock that was set. Either way a probe that
 * failed meanwhile says nothing about its target.
 */
export function createSelfWatch({ clock, intervalMs = 250, lagMs = 1000 }: SelfWatchOptions): SelfWatch {
  let timer: NodeJS.Timeout | null = null;
  let lastMonotonic = clock.monotonic();
  let lastWall = clock.now();
  let trouble = { at: Number.NEGATIVE_INFINITY, reason: '' };

  const look = () => {
    const monotonic = clock.monotonic();
    const wall = clock.now();
    const late = monotonic - lastMonotonic - intervalMs;
    const slept = wall - lastWall - (monotonic - lastMonotonic);
    if (slept > lagMs * 2) {
      trouble = { at: monotonic, reason: `this machine was suspended for ${Math.round(slept / 1000)} s` };
    } else if (late > lagMs) {
      trouble = { at: monotonic, reason: `Vigiles itself was blocked for ${Math.round(late)} ms` };
    }
    lastMonotonic = monotonic;
    lastWall = wall;
  };

  return {
    troubleSince(since) {
      // The tick that shows the trouble may come after the answer that the trouble spoiled.
      if (timer) look();
      return trouble.at >= since ? trouble.reason : null;
    },
    report(reason) {
      trouble = { at: clock.monotonic(), reason };
    },
    start() {
      lastMonotonic = clock.monotonic();
      lastWall = clock.now();
      timer ??= setInterval(look, intervalMs).unref();
    },
    stop() {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}
