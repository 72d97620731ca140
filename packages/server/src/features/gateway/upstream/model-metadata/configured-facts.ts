import type { ModelFactsConfig } from '@vigiles/contract';
import type { ModelRates } from '../../core/cost.ts';
import type { StatedFacts } from '../../core/model-facts.ts';

/** What the configuration says of models: an exact name first, then the patterns that end with `*`, in their order. */
export function configuredFacts(
  config: Readonly<Record<string, ModelFactsConfig>>,
): (model: string) => StatedFacts | undefined {
  const exact = new Map<string, StatedFacts>();
  const patterns: { prefix: string; facts: StatedFacts }[] = [];
  for (const [name, facts] of Object.entries(config)) {
    if (name.endsWith('*')) patterns.push({ prefix: name.slice(0, -1), facts: stated(facts) });
    else exact.set(name, stated(facts));
  }
  return (model) => exact.get(model) ?? patterns.find(({ prefix }) => model.startsWith(prefix))?.facts;
}

function stated(config: ModelFactsConfig): StatedFacts {
  const { price } = config;
  const abilities = {
    ...(config.images !== undefined && { images: config.images }),
    ...(config.tools !== undefined && { tools: config.tools }),
    ...(config.reasoning !== undefined && { reasoning: config.reasoning }),
    ...(config.structured_output !== undefined && { structuredOutput: config.structured_output }),
  };
  return {
    ...(config.context_window !== undefined && { contextWindow: config.context_window }),
    ...(config.max_output_tokens !== undefined && { maxOutputTokens: config.max_output_tokens }),
    ...(price && { rates: rates(price) }),
    abilities,
  };
}

/** Dollars per million tokens are micro-dollars per token. */
function rates(price: NonNullable<ModelFactsConfig['price']>): ModelRates {
  return {
    input: price.input,
    output: price.output,
    ...(price.cache_read !== undefined && { cacheRead: price.cache_read }),
    ...(price.cache_write !== undefined && { cacheWrite: price.cache_write }),
    ...(price.cache_write_1h !== undefined && { cacheWrite1h: price.cache_write_1h }),
  };
}
