const firstMs = 1000;
const longestMs = 300_000;
const windowMs = 600_000;
const mostCrashes = 5;

export type RestartPlan = { again: true; inMs: number } | { again: false; reason: string };

/**
 * What to do after a crash: wait a second, two, four … and give it up after five within ten minutes.
 * @param crashes when it crashed before and now, UTC ms, oldest first
 */
export function planRestart(crashes: readonly number[], now: number): RestartPlan {
  const recent = crashes.filter((at) => now - at < windowMs).length;
  if (recent >= mostCrashes) {
    return { again: false, reason: `given up after ${recent} crashes within ten minutes` };
  }
  return { again: true, inMs: Math.min(longestMs, firstMs * 2 ** Math.max(0, recent - 1)) };
}
