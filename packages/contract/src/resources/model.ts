import { z } from 'zod';

const known = z.boolean().nullable();

/** What a model costs, US dollars per million tokens. */
export const ModelPrice = z.object({
  input: z.number(),
  output: z.number(),
  cache_read: z.number().nullable(),
  cache_write: z.number().nullable(),
  /** Longer prompts cost more than this; the ledger counts with all steps. */
  rises_with_length: z.boolean(),
});
export type ModelPrice = z.infer<typeof ModelPrice>;

/** A model the gateway can reach. `null`: nobody said, which is neither no nor zero. */
export const ModelInfo = z.object({
  /** `provider/model`, the name that is never ambiguous. */
  id: z.string(),
  provider: z.string(),
  model: z.string(),
  local: z.boolean(),
  /** Tokens, input and output together, as the server has it now. */
  context_window: z.number().nullable(),
  /** What the model was made for, where its server may give it less. */
  trained_context_window: z.number().nullable(),
  /** The server drops the start of a longer prompt without a word. */
  cuts_silently: z.boolean(),
  max_output_tokens: z.number().nullable(),
  abilities: z.object({ images: known, tools: known, reasoning: known, structured_output: known }),
  /** null: unpriced. */
  price: ModelPrice.nullable(),
});
export type ModelInfo = z.infer<typeof ModelInfo>;
