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
}

/** A part of a turn's tokens that has a price of its own. Parts never overlap. */
export interface PricedPart {
  part: 'input' | 'cache_read' | 'cache_write' | 'cache_write_1h' | 'output';
  tokens: number;
  rate: Rate;
}

/**
 * A turn's tokens, each counted once. Cache reads and writes are parts of `inputTokens` and are taken out before the plain
 * input is priced; reasoning is a part of the output and has its price.
 */
export function partsOf(usage: Usage, rates: ModelRates): PricedPart[] {
  const input = usage.inputTokens;
  const cached = Math.min(usage.cachedInputTokens ?? 0, input);
  const written = Math.min(usage.cacheWriteTokens ?? 0, input - cached);
  const longLived = Math.min(usage.cacheWrite1hTokens ?? 0, written);
  const cacheWrite = rates.cacheWrite ?? rates.input;
  return [
    { part: 'input', tokens: input - cached - written, rate: rates.input },
    { part: 'cache_read', tokens: cached, rate: rates.cacheRead ?? rates.input },
    { part: 'cache_write', tokens: written - longLived, rate: cacheWrite },
    { part: 'cache_write_1h', tokens: longLived, rate: rates.cacheWrite1h ?? cacheWrite },
    { part: 'output', tokens: usage.outputTokens, rate: rates.output },
  ];
}

/** What a turn cost, in whole micro-dollars, rounded up. */
export function costMicros(usage: Usage, rates: ModelRates): number {
  let total = rates.perRequest ?? 0;
  for (const { tokens, rate } of partsOf(usage, rates))
    if (tokens > 0) total += tokens * rateAt(rate, usage.inputTokens).price;
  // Sums of decimal rates carry noise in the last bits: 0.1 + 0.2 must not cost a micro-dollar more.
  return Math.max(0, Math.ceil(total - 1e-6));
}

/** The price for an input of this size, which holds for the whole turn; `above`: the step it is on. */
export function rateAt(rate: Rate, inputTokens: number): { price: number; above: number | null } {
  if (typeof rate === 'number') return { price: rate, above: null };
  let price = rate.base;
  let above: number | null = null;
  for (const tier of rate.tiers) if (inputTokens > tier.start) ({ price, start: above } = tier);
  return { price, above };
}

/** Output tokens reserved for a turn whose client set no limit. */
const DEFAULT_OUTPUT_TOKENS = 4096;

/** Tokens a turn may read and write: every four bytes one, and the whole output the client allowed. */
export const estimateTokens = (bodyBytes: number, maxOutputTokens: number | undefined): number =>
  Math.ceil(bodyBytes / 4) + allowedOutput(maxOutputTokens);

const allowedOutput = (maxOutputTokens: number | undefined): number =>
  Math.min(maxOutputTokens ?? DEFAULT_OUTPUT_TOKENS, 200_000);

/** What to reserve before the turn is sent: every four bytes a token, and the whole output the client allowed. */
export function estimateMicros(
  bodyBytes: number,
  maxOutputTokens: number | undefined,
  rates: ModelRates,
): number {
  const inputTokens = Math.ceil(bodyBytes / 4);
  // The dearer one: nobody knows beforehand how much of the input will be written to the cache.
  const write = rates.cacheWrite ?? rates.input;
  const dearer = rateAt(write, inputTokens).price > rateAt(rates.input, inputTokens).price;
  const cacheWriteTokens = dearer ? inputTokens : 0;
  return costMicros({ inputTokens, cacheWriteTokens, outputTokens: allowedOutput(maxOutputTokens) }, rates);
}
