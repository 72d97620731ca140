/** The times of the newest hits, as many as it takes to decide. */
export interface Hits {
  add(at: number): void;
  /** How many lie within the window now; counting ends at the limit. */
  within(windowMs: number, now: number): number;
}

/** Remembers `limit` hits and no more: whether that many came within a window needs no more. */
export function createHits(limit: number): Hits {
  const times: number[] = [];
  let next = 0;
  return {
    add(at) {
      times[next] = at;
      next = (next + 1) % limit;
    },
    within: (windowMs, now) => times.reduce((sum, at) => sum + (now - at < windowMs ? 1 : 0), 0),
  };
}
