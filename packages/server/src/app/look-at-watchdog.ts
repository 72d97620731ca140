import type { Service } from '@vigiles/contract';

/** Several intervals may pass without a look after a suspended night; this long is too long in any case. */
const leastMs = 60_000;

/** Whether the watchdog still looks at anything: null, or for how long it has not. `services` with their last beat. */
export function lookAtWatchdog(services: readonly Service[], startedAt: number, now: number): string | null {
  const watched = services.filter(({ checks }) => checks.length > 0);
  if (watched.length === 0) return null;
  const newest = Math.max(startedAt, ...watched.map(({ beats }) => beats.at(-1)?.ts ?? 0));
  const shortest = Math.min(
    ...watched.flatMap(({ checks }) => checks.map((check) => check.interval_s * 1000)),
  );
  const silentMs = now - newest;
  if (silentMs <= Math.max(leastMs, 3 * shortest)) return null;
  return `nothing was looked at for ${Math.round(silentMs / 1000)} s`;
}
