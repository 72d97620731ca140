import type { Usage } from '@vigiles/wire';

/** Dollars per million tokens — which is micro-dollars per token — or steps by the size of the input. */
export type Rate = number | { base: number; tiers: { start: number; price: number }[] };

/** What a model costs. An absent rate falls back to the one it is a part of. */
export interface ModelRates {
  input: Rate;
  output: Rate;
  cacheRead?: Rate;
  cacheWrite?: Rate;
  cacheWrite1h?: Rate;
  /** A fixed price per request, micro-dollars. */
  perRequest?: number;
  /** Names these very rates in the ledger: the turn's price can be worked out again. Absent: nothing to remember. */
  card?: string;
}

/**
 * What a turn cost, in whole micro-dollars, rounded up. Cache reads and writes are parts of `inputTokens` and are
 * taken out before the plain input is priced, so nothing is counted twice.
 */
export function costMicros(usage: Usage, rates: ModelRates): number {
  const input = usage.inputTokens;
  const cached = Math.min(usage.cachedInputTokens ?? 0, input);
  const written = Math.min(usage.cacheWriteTokens ?? 0, input - cached);
  const longLived = Math.min(usage.cacheWrite1hTokens ?? 0, written);
  const cacheWrite = rates.cacheWrite ?? rates.input;
  const total =
    (input - cached - written) * at(rates.input, input) +
    cached * at(rates.cacheRead ?? rates.input, input) +
    (written - longLived) * at(cacheWrite, input) +
    longLived * at(rates.cacheWrite1h ?? cacheWrite, input) +
    usage.outputTokens * at(rates.output, input) +
    (rates.perRequest ?? 0);
  // Sums of decimal rates carry noise in the last bits: 0.1 + 0.2 must not cost a micro-dollar more.
  return Math.max(0, Math.ceil(total - 1e-6));
}

function at(rate: Rate, inputTokens: number): number {
  if (typeof rate === 'number') return rate;
  let price = rate.base;
  for (const tier of rate.tiers) if (inputTokens > tier.start) price = tier.price;
  return price;
}

/** Output tokens reserved for a turn whose client set no limit. */
const DEFAULT_OUTPUT_TOKENS = 4096;

/** What to reserve before the turn is sent: every four bytes a token, and the whole output the client allowed. */
export function estimateMicros(
  bodyBytes: number,
  maxOutputTokens: number | undefined,
  rates: ModelRates,
): number {
  return costMicros(
    {
      inputTokens: Math.ceil(bodyBytes / 4),
      outputTokens: Math.min(maxOutputTokens ?? DEFAULT_OUTPUT_TOKENS, 200_000),
    },
    rates,
  );
}
