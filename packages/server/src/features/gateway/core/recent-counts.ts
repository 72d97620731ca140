const SECONDS = 60;
const FIELDS = 5;

/** Sums over the last 60 seconds, kept in one ring of seconds: adding costs the same however busy it is. */
export interface RecentCounts {
  add(nowMs: number, error: boolean, inputTokens: number, outputTokens: number): void;
  sums(nowMs: number): { requests: number; errors: number; inputTokens: number; outputTokens: number };
}

export function createRecentCounts(): RecentCounts {
  /** Per second: which second it is, requests, errors, input tokens, output tokens. */
  const ring = new Float64Array(SECONDS * FIELDS);
  return {
    add(nowMs, error, inputTokens, outputTokens) {
      const second = Math.floor(nowMs / 1000);
      const at = (second % SECONDS) * FIELDS;
      if (ring[at] !== second) {
        ring.fill(0, at, at + FIELDS);
        ring[at] = second;
      }
      bump(ring, at + 1, 1);
      if (error) bump(ring, at + 2, 1);
      bump(ring, at + 3, inputTokens);
      bump(ring, at + 4, outputTokens);
    },
    sums(nowMs) {
      const oldest = Math.floor(nowMs / 1000) - SECONDS;
      const sums = { requests: 0, errors: 0, inputTokens: 0, outputTokens: 0 };
      for (let at = 0; at < ring.length; at += FIELDS) {
        if ((ring[at] ?? 0) <= oldest) continue;
        sums.requests += ring[at + 1] ?? 0;
        sums.errors += ring[at + 2] ?? 0;
        sums.inputTokens += ring[at + 3] ?? 0;
        sums.outputTokens += ring[at + 4] ?? 0;
      }
      return sums;
    },
  };
}

function bump(ring: Float64Array, at: number, by: number): void {
  ring[at] = (ring[at] ?? 0) + by;
}
