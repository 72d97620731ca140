import { isUnknown, UNKNOWN } from './number.ts';

/**
 * Micro-dollars → `$1.24`. Small sums keep enough places to say something (`$0.0042`); a sum that is not zero
 * is never shown as zero. `null` is not known.
 */
export function formatMicros(micros: number | null | undefined): string {
  if (isUnknown(micros)) return UNKNOWN;
  if (micros === 0) return '$0.00';
  const usd = micros / 1e6;
  if (usd < 0.0001) return '<$0.0001';
  if (usd < 0.1) return `$${usd.toFixed(4)}`;
  return formatUsd(usd);
}

/** Dollars → `$1,240.00`; whole limits lose their cents (`$50`). */
export function formatUsd(usd: number | null | undefined, places = 2): string {
  if (isUnknown(usd)) return UNKNOWN;
  return `$${usd.toLocaleString('en', { minimumFractionDigits: places, maximumFractionDigits: places })}`;
}
