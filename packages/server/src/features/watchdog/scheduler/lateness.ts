/** So many of the last starts are remembered. */
const kept = 8192;

export interface LatenessSummary {
  starts: number;
  p50Ms: number | null;
  p99Ms: number | null;
  maxMs: number | null;
}

/** How late the last starts were, against the moment each was due. */
export function createLateness() {
  const ring = new Float32Array(kept);
  let starts = 0;
  return {
    note(lateMs: number): void {
      ring[starts % kept] = lateMs;
      starts += 1;
    },
    /** Of the last starts, at most 8,192; `starts` counts them all. */
    summary(): LatenessSummary {
      const sorted = ring.slice(0, Math.min(starts, kept)).sort();
      const at = (share: number) => {
        const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
        return value === undefined ? null : Math.round(value * 1000) / 1000;
      };
      return { starts, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
    },
  };
}
