import type { Foresight } from './foresee.ts';

/** A budget with what was spent lately. Micro-dollars. */
export interface BudgetBurn {
  /** `budget:whole`, `budget:device:<id>` … */
  target: string;
  /** For people: `the daily budget of device dev_1`. */
  words: string;
  span: 'daily' | 'monthly';
  spentMicros: number;
  limitMicros: number;
  /** When it begins anew, UTC ms. */
  endsAt: number;
  /** How much was spent in each part of the last while, oldest first. */
  parts: readonly number[];
  partMs: number;
}

/** Of four parts three: a burst is no pace. */
const minBusy = 0.75;

/**
 * When a budget will be spent at the present pace; null where it lasts, where too little goes out to speak of a pace, and
 * where it is spent already: that is told by its refusals.
 */
export function foreseeBurn(burn: BudgetBurn, now: number): Foresight | null {
  const { spentMicros, limitMicros, endsAt, parts, partMs } = burn;
  const room = limitMicros - spentMicros;
  const busy = parts.filter((part) => part > 0).length;
  if (room <= 0 || parts.length === 0 || busy / parts.length < minBusy) return null;
  const total = parts.reduce((sum, part) => sum + part, 0);
  const mean = total / parts.length;
  const timeLeftMs = (room / mean) * partMs;
  if (now + timeLeftMs >= endsAt) return null;
  const [least, most] = [Math.min(...parts), Math.max(...parts)];
  return {
    timeLeftMs,
    earliestMs: (room / most) * partMs,
    latestMs: least > 0 ? (room / least) * partMs : null,
    // How evenly it goes out: 1 where every part is the same.
    confidence: parts.reduce((sum, part) => sum + Math.min(part, mean), 0) / total,
    value: spentMicros,
  };
}
