import type { ModelFactsConfig } from '@vigiles/contract';
import { mergeFacts, type ModelFacts, type StatedFacts } from '../../core/model-facts.ts';
import { configuredFacts } from './configured-facts.ts';

/** Everything known of one provider's models. */
export interface FactBook {
  /** Cheap: what was put together is kept until a source changes. */
  facts(model: string): ModelFacts;
  /** Replaces what the provider itself said of its models. */
  setListed(listed: ReadonlyMap<string, StatedFacts>): void;
}

/** What the price tables say of a model; `generation` changes when they do. */
export interface FactTables {
  facts(prices: string | null, model: string): StatedFacts | undefined;
  readonly generation: number;
}

export const noTables: FactTables = { facts: () => undefined, generation: 0 };

/** Clients choose model names: what is kept must not grow with their imagination. */
const MAX_KEPT = 500;

/** The configuration is believed first, then the provider itself, then the price tables. */
export function createFactBook(
  config: Readonly<Record<string, ModelFactsConfig>>,
  prices: string | null,
  tables: FactTables,
): FactBook {
  const configured = configuredFacts(config);
  const kept = new Map<string, ModelFacts>();
  let listed: ReadonlyMap<string, StatedFacts> = new Map();
  let { generation } = tables;
  return {
    facts(model) {
      if (generation !== tables.generation) {
        generation = tables.generation;
        kept.clear();
      }
      const known = kept.get(model);
      if (known) return known;
      const facts = mergeFacts([configured(model), listed.get(model), tables.facts(prices, model)]);
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(model, facts);
      return facts;
    },
    setListed(next) {
      listed = next;
      kept.clear();
    },
  };
}
