import type { CostLine } from '@vigiles/contract';
import type { Usage } from '@vigiles/wire';
import { partsOf, rateAt, type ModelRates } from './cost.ts';

/** How a turn's price came about: tokens × rate, line by line; parts without tokens are left out. */
export function costLines(usage: Usage, rates: ModelRates): CostLine[] {
  const lines = partsOf(usage, rates).flatMap(({ part, tokens, rate }): CostLine[] => {
    if (tokens === 0) return [];
    const { price, above } = rateAt(rate, usage.inputTokens);
    return [{ part, tokens, rate: price, micros: clean(tokens * price), above_tokens: above }];
  });
  const { perRequest } = rates;
  if (perRequest !== undefined && perRequest > 0)
    lines.push({ part: 'request', tokens: 0, rate: perRequest, micros: perRequest, above_tokens: null });
  return lines;
}

/** Products of decimal rates carry noise in the last bits. */
const clean = (micros: number): number => Math.round(micros * 1e6) / 1e6;
