/** Growth of something that also goes up and down, over a window of time. */
export interface Growth {
  /** Notes a value. @param at milliseconds of a clock that never goes back */
  add(at: number, value: number): void;
  /** Lasting growth per hour; null until most of the window has been seen. */
  perHour(): number | null;
  /** Forgets everything: it is a different thing now. */
  reset(): void;
}

const buckets = 24;
const hourMs = 3_600_000;
/** Share of the window that has to be seen before anything is said. */
const enough = 0.75;

/**
 * Keeps the least value of each part of the window: a heap that fills and is collected again has a floor, and only a floor that
 * rises is a leak. The slope is the median of all slopes between two floors (Theil–Sen), which a single outlier does not move.
 */
export function createGrowth(windowMs: number): Growth {
  const spanMs = windowMs / buckets;
  let floors: { bucket: number; at: number; least: number }[] = [];

  return {
    add(at, value) {
      const bucket = Math.floor(at / spanMs);
      const last = floors.at(-1);
      if (last?.bucket === bucket) {
        if (value < last.least) last.least = value;
        return;
      }
      floors.push({ bucket, at, least: value });
      floors = floors.filter((floor) => floor.bucket > bucket - buckets);
    },
    perHour() {
      const [first, last] = [floors[0], floors.at(-1)];
      if (!first || !last || floors.length < 4) return null;
      if (last.at - first.at < windowMs * enough) return null;
      const slopes: number[] = [];
      for (const [i, from] of floors.entries()) {
        for (const to of floors.slice(i + 1)) slopes.push((to.least - from.least) / (to.at - from.at));
      }
      slopes.sort((a, b) => a - b);
      const middle = slopes.length >> 1;
      const median =
        slopes.length % 2 === 1
          ? (slopes[middle] ?? 0)
          : ((slopes[middle - 1] ?? 0) + (slopes[middle] ?? 0)) / 2;
      return median * hourMs;
    },
    reset() {
      floors = [];
    },
  };
}
