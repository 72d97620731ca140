import { z } from 'zod';

const tokens = z.int().min(1);
const usdPerMillion = z.number().min(0).max(100_000);

/** What a person knows about a model better than its provider's listing and the price tables do. */
export const ModelFactsConfig = z.strictObject({
  context_window: tokens.optional().meta({ description: 'Tokens, input and output together.' }),
  max_output_tokens: tokens.optional(),
  images: z.boolean().optional(),
  tools: z.boolean().optional(),
  reasoning: z.boolean().optional(),
  structured_output: z.boolean().optional().meta({ description: 'Takes a JSON schema for its answer.' }),
  price: z
    .strictObject({
      input: usdPerMillion,
      output: usdPerMillion,
      cache_read: usdPerMillion.optional(),
      cache_write: usdPerMillion.optional(),
      cache_write_1h: usdPerMillion.optional(),
    })
    .optional()
    .meta({ description: 'US dollars per million tokens. Absent rates are those of plain input.' }),
});
export type ModelFactsConfig = z.output<typeof ModelFactsConfig>;
