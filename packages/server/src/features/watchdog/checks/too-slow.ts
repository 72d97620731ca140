import { unhealthy } from './failed-look.ts';
import type { Look } from './define-check.ts';

/** A right answer that came too late, as a failed look; null when it was quick enough. */
export function tooSlow(config: { max_latency_ms?: number | undefined }, latencyMs: number): Look | null {
  const most = config.max_latency_ms;
  if (most === undefined || latencyMs <= most) return null;
  return unhealthy(`it took ${Math.round(latencyMs)} ms, more than ${most} ms`, {
    latency_ms: Math.round(latencyMs),
  });
}
