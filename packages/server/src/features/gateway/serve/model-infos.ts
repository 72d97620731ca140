import type { ModelInfo, ModelPrice } from '@vigiles/contract';
import type { ModelRates, Rate } from '../core/cost.ts';
import type { ModelFacts } from '../core/model-facts.ts';
import type { UpstreamTable } from '../upstream/upstream-table.ts';

/** Every model once, with all that is known of it: what the control plane shows. */
export function modelInfos(table: UpstreamTable): ModelInfo[] {
  return table.list().flatMap((upstream) =>
    upstream.models.map((model) => {
      const facts = upstream.facts(model);
      return {
        id: `${upstream.id}/${model}`,
        provider: upstream.id,
        model,
        local: upstream.local,
        context_window: facts.contextWindow,
        trained_context_window: facts.trainedWindow,
        cuts_silently: facts.cutsSilently,
        max_output_tokens: facts.maxOutputTokens,
        abilities: abilitiesOf(facts.abilities),
        price: facts.rates && priceOf(facts.rates),
      };
    }),
  );
}

/** As it is written outside. */
export const abilitiesOf = (able: ModelFacts['abilities']): ModelInfo['abilities'] => ({
  images: able.images,
  tools: able.tools,
  reasoning: able.reasoning,
  structured_output: able.structuredOutput,
});

function priceOf({ input, output, cacheRead, cacheWrite }: ModelRates): ModelPrice {
  return {
    input: base(input),
    output: base(output),
    cache_read: cacheRead === undefined ? null : base(cacheRead),
    cache_write: cacheWrite === undefined ? null : base(cacheWrite),
    rises_with_length: typeof input !== 'number' || typeof output !== 'number',
  };
}

const base = (rate: Rate): number => (typeof rate === 'number' ? rate : rate.base);
