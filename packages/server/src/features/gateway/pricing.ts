import type { calcPrice } from '@pydantic/genai-prices';
import type { ModelRates, Rate } from './core/cost.ts';
import type { StatedFacts } from './core/model-facts.ts';
import type { FactTables } from './upstream/model-metadata/fact-book.ts';

/** Finds what a model costs and how much it can read, as far as the price tables say. */
export interface Pricing extends FactTables {
  /** Loads the tables; until then every priced provider is unpriced. */
  load(): Promise<void>;
  /** null: unpriced. @param prices the provider's name in the price tables, `free`, or null */
  ratesOf(prices: string | null, model: string): ModelRates | null;
}

const FREE: StatedFacts = { rates: { input: 0, output: 0 } };

/** Prices may depend on the day or the hour: what was found is asked again after this long. */
const REFRESH_MS = 3_600_000;

/** Clients choose model names: the cache must not grow with their imagination. */
const MAX_CACHED = 500;

/**
 * Prices from the tables bundled with genai-prices, offline. Looking a model up takes about 50 µs, so what was found is
 * kept; the arithmetic is ours (`core/cost.ts`), and a test holds it against the package's own.
 */
export function createPricing(nowMs: () => number = Date.now): Pricing {
  const cache = new Map<string, { facts: StatedFacts | undefined; at: number }>();
  let calc: typeof calcPrice | undefined;

  function facts(prices: string | null, model: string): StatedFacts | undefined {
    if (prices === 'free') return FREE;
    if (prices === null || !calc) return undefined;
    const key = `${prices} ${model}`;
    const known = cache.get(key);
    if (known && nowMs() - known.at < REFRESH_MS) return known.facts;
    const found = lookUp(calc, prices, model, new Date(nowMs()));
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(key, { facts: found, at: nowMs() });
    return found;
  }

  return {
    async load() {
      // 15 MB that a gateway with only local providers never needs.
      calc ??= (await import('@pydantic/genai-prices')).calcPrice;
    },
    get generation() {
      return calc ? 1 + Math.floor(nowMs() / REFRESH_MS) : 0;
    },
    facts,
    ratesOf: (prices, model) => facts(prices, model)?.rates ?? null,
  };
}

function lookUp(
  calc: typeof calcPrice,
  providerId: string,
  model: string,
  timestamp: Date,
): StatedFacts | undefined {
  let found: ReturnType<typeof calcPrice>;
  try {
    found = calc({ input_tokens: 1, output_tokens: 1 }, model, { providerId, timestamp });
  } catch {
    return undefined;
  }
  if (!found) return undefined;
  const window = found.model.context_window;
  const rates = ratesIn(found.model_price);
  return { ...(window !== undefined && { contextWindow: window }), ...(rates && { rates }) };
}

function ratesIn(price: Record<string, Rate | undefined>): ModelRates | undefined {
  if (price['input_mtok'] === undefined) return undefined;
  // Embeddings have no output and no price for it.
  const rates: ModelRates = { input: price['input_mtok'], output: price['output_mtok'] ?? 0 };
  if (price['cache_read_mtok'] !== undefined) rates.cacheRead = price['cache_read_mtok'];
  if (price['cache_write_mtok'] !== undefined) rates.cacheWrite = price['cache_write_mtok'];
  if (price['cache_write_1h_mtok'] !== undefined) rates.cacheWrite1h = price['cache_write_1h_mtok'];
  const perThousand = price['requests_kcount'];
  if (typeof perThousand === 'number') rates.perRequest = perThousand * 1000;
  return rates;
}
