import type { RouteStrategy } from '@vigiles/contract';

/** What an order is made from; one for each candidate, as the route lists them. */
export interface Rankable {
  weight: number;
  /** null: never measured. */
  latencyMs: number | null;
  /** In a row. */
  failures: number;
  /** What this turn would cost there; null: unpriced. */
  costMicros: number | null;
}

/** A failure in a row weighs as much as this much slowness. */
const FAILURE_MS = 1000;
const MOST_FAILURES = 10;

/**
 * Scores of the candidates, lower first; equal ones keep the order of the route.
 * @param draw a random number from 0 to 1, for `weighted`
 */
export function scoresOf(strategy: RouteStrategy, candidates: readonly Rankable[], draw: number): number[] {
  switch (strategy) {
    case 'ordered':
      return candidates.map((_, place) => place);
    case 'weighted':
      return weighted(
        candidates.map(({ weight }) => weight),
        draw,
      );
    case 'least-latency':
      // What was never measured goes first, once: then it is known.
      return candidates.map(
        ({ latencyMs, failures }) => (latencyMs ?? 0) + FAILURE_MS * Math.min(failures, MOST_FAILURES),
      );
    case 'cheapest':
      // Unpriced is not free: it goes last.
      return candidates.map(({ costMicros }) => costMicros ?? Number.MAX_SAFE_INTEGER);
  }
}

/**
 * Places by weight, from one random number: the first is drawn among all, the next among the rest. What is left of the
 * number after each draw is as random as it was. A weight of 0 comes last.
 */
function weighted(weights: readonly number[], draw: number): number[] {
  const places = weights.map(() => weights.length);
  const left = new Set(weights.keys());
  let rest = Math.min(Math.max(draw, 0), 1 - Number.EPSILON);
  for (let place = 0; left.size > 0; place += 1) {
    const sum = [...left].reduce((total, at) => total + (weights[at] ?? 0), 0);
    if (sum <= 0) {
      for (const at of left) places[at] = place;
      break;
    }
    let from = 0;
    let chosen = -1;
    for (const at of left) {
      const share = (weights[at] ?? 0) / sum;
      if (share === 0) continue;
      chosen = at;
      if (rest < from + share) {
        rest = (rest - from) / share;
        break;
      }
      from += share;
    }
    places[chosen] = place;
    left.delete(chosen);
  }
  return places;
}
