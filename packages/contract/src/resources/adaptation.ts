import { z } from 'zod';

/** What the gateway learned from a provider's refusal and does from then on before sending. Times in UTC ms. */
export const Adaptation = z.object({
  id: z.string(),
  provider: z.string(),
  model: z.string(),
  /** Protocol of the body it changes. */
  protocol: z.string(),
  /** The change in a few words: `max_tokens>max_completion_tokens`, `-temperature`, `role developer>system`. */
  change: z.string(),
  /** The change as data. */
  edit: z.looseObject({ do: z.string() }),
  /** Why, typed: `unknown-field`, `use-instead`, `over-limit` … */
  reason: z.string(),
  /** The provider's own words, secrets taken out. */
  evidence: z.string(),
  /** HTTP status of the refusal. */
  status: z.number(),
  /** How often it was learned; it is forgotten and learned anew. */
  count: z.number(),
  first_seen: z.number(),
  last_seen: z.number(),
  /** Not used after this time, unless pinned. */
  expires_at: z.number(),
  pinned: z.boolean(),
  in_force: z.boolean(),
});
export type Adaptation = z.infer<typeof Adaptation>;
