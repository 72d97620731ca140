import type { ModelRates } from '../cost.ts';
import type { Row } from './read-model-list.ts';

/**
 * What a model costs, where its provider's list says so. OpenRouter writes dollars per token as text (`prompt`,
 * `completion`, `input_cache_read`, `input_cache_write`), Together dollars per million as numbers (`input`, `output`,
 * `cached_input`). Hugging Face's prices differ from server to server and are left out.
 */
export function ratesIn(row: Row): ModelRates | undefined {
  const pricing = row['pricing'];
  if (typeof pricing !== 'object' || pricing === null) return undefined;
  const price = pricing as Row;
  if (typeof price['prompt'] === 'string') return perToken(price);
  if (typeof price['input'] === 'number') return perMillion(price);
  return undefined;
}

function perToken(price: Row): ModelRates | undefined {
  const rate = (field: string): number | undefined => {
    const dollars = Number(price[field] ?? Number.NaN);
    // -1 is OpenRouter's "depends on what it is routed to". Decimal text times a million carries noise.
    return dollars >= 0 ? Number((dollars * 1e6).toPrecision(12)) : undefined;
  };
  const input = rate('prompt');
  const output = rate('completion');
  if (input === undefined || output === undefined) return undefined;
  const cacheRead = rate('input_cache_read');
  const cacheWrite = rate('input_cache_write');
  const request = rate('request');
  return {
    input,
    output,
    ...(cacheRead !== undefined && { cacheRead }),
    ...(cacheWrite !== undefined && { cacheWrite }),
    ...(request !== undefined && request > 0 && { perRequest: request }),
  };
}

/** Together lists models that run only on machines of one's own at 0: they are unpriced, not free. */
function perMillion(price: Row): ModelRates | undefined {
  const { input, output, cached_input: cached } = price;
  if (typeof input !== 'number' || typeof output !== 'number') return undefined;
  if (input < 0 || output < 0 || (input === 0 && output === 0)) return undefined;
  return { input, output, ...(typeof cached === 'number' && cached > 0 && { cacheRead: cached }) };
}
