import { createHash } from 'node:crypto';
import type { ModelRates } from './core/cost.ts';

/** Rates that a turn was priced with, for the first time in this process. */
export interface NewCard {
  id: string;
  provider: string;
  model: string;
  /** JSON of `ModelRates`. */
  rates: string;
}

/** Names sets of rates, so that a turn's row says with few letters what it was priced with. */
export interface RateCards {
  /** null: unpriced or free, nothing to remember. */
  idOf(rates: ModelRates | null, provider: string, model: string): string | null;
}

/** @param keep called once for each set of rates of a process; the same rates have the same id everywhere */
export function createRateCards(keep: (card: NewCard) => void): RateCards {
  const ids = new WeakMap<ModelRates, string>();
  return {
    idOf(rates, provider, model) {
      if (!rates || (rates.input === 0 && rates.output === 0)) return null;
      const known = ids.get(rates);
      if (known !== undefined) return known;
      const text = JSON.stringify(rates);
      const id = createHash('sha256').update(`${provider} ${model} ${text}`).digest('base64url').slice(0, 16);
      ids.set(rates, id);
      keep({ id, provider, model, rates: text });
      return id;
    },
  };
}
