/** How often something must be seen before it counts. */
export interface WindowRule {
  /** Times within `withinMs`. */
  count: number;
  withinMs: number;
  /** Times in a row instead: `reset` begins anew, time does not. */
  consecutive?: number;
}

/** What a window says after something was seen. */
export interface WindowReading {
  met: boolean;
  /** Times seen within the window, or in a row; counted up to what is needed. */
  seen: number;
}

export interface RateWindows {
  /** Notes that it was seen `times` times at `at`, on a clock that never goes back; one count per key (a target). */
  seen(key: string, at: number, times?: number): WindowReading;
  /** Whether the window is met at `at`, without anything new. */
  read(key: string, at: number): WindowReading;
  /** A signal of the other kind: what is counted in a row begins anew, and so does the window. */
  reset(key: string): void;
  /** Keys that are remembered. */
  size(): number;
}

const mostTimes = 1000;

/**
 * Counts one signal for many targets. Bounded: `count` times per target (at most 1,000), and `mostKeys` targets, of which the
 * one unseen for longest is forgotten first. Times must come from a monotonic clock; one that lies before the last is
 * taken as the last, so that no order of arrival can make a window longer.
 */
export function createRateWindows(rule: WindowRule, mostKeys = 1000): RateWindows {
  const needed = Math.min(rule.consecutive ?? rule.count, mostTimes);
  const inRow = rule.consecutive !== undefined;
  /** Oldest first, in the order they were last seen. */
  const times = new Map<string, number[]>();

  const current = (key: string, at: number): number[] => {
    const all = times.get(key) ?? [];
    if (inRow) return all;
    const begin = at - rule.withinMs;
    const first = all.findIndex((time) => time > begin);
    return first < 0 ? [] : all.slice(first);
  };
  const reading = (list: readonly number[]): WindowReading => ({
    met: list.length >= needed,
    seen: list.length,
  });

  return {
    seen(key, at, count = 1) {
      const last = times.get(key)?.at(-1) ?? at;
      const time = Math.max(at, last);
      const more = Array.from({ length: Math.min(count, needed) }, () => time);
      const list = [...current(key, time), ...more].slice(-needed);
      times.delete(key);
      times.set(key, list);
      for (const oldest of times.keys()) {
        if (times.size <= mostKeys) break;
        times.delete(oldest);
      }
      return reading(list);
    },
    read: (key, at) => reading(current(key, at)),
    reset: (key) => void times.delete(key),
    size: () => times.size,
  };
}
