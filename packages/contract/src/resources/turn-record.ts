import { z } from 'zod';
import { Turn } from './turn.ts';

/** What `vigiles turn export` writes: one turn, for a bug report. Secrets and headers are never in it. */
export const TurnRecord = z.object({
  format: z.literal('vigiles-turn'),
  version: z.literal(1),
  /** UTC ms. */
  exported_at: z.number(),
  turn: Turn,
  /** The provider's type, whose quirks decide how a request is written. */
  provider_type: z.string().nullable(),
  /** null: what turns say was not kept (`gateway.store_prompts`). */
  content: z
    .object({
      /** The client's body. */
      request: z.string(),
      /** The body the provider was sent last; null: the client's own. */
      sent: z.string().nullable(),
      path: z.string(),
      received: z.object({ status: z.number(), body: z.string() }).nullable(),
      /** What the client was answered. */
      answered: z.string(),
      /** Some of it was too long to be kept whole. */
      cut: z.boolean(),
    })
    .nullable(),
});
export type TurnRecord = z.infer<typeof TurnRecord>;

/** One place where a replay differs from the record; absent values are null. */
export const Difference = z.object({ path: z.string(), recorded: z.unknown(), replayed: z.unknown() });
export type Difference = z.infer<typeof Difference>;

/** What today's translation makes of a recorded turn. */
export const ReplayReport = z.object({
  /** The body that would be sent now; null where the client's bytes pass through. */
  would_send: z.unknown(),
  sent_differences: z.array(Difference),
  /** The recorded answer as it is understood now. */
  answer: z
    .object({
      text: z.string(),
      reasoning: z.string(),
      calls: z.array(z.object({ name: z.string(), input: z.string() })),
      finish: z.string(),
    })
    .nullable(),
  /** Against what the client was told then. */
  answer_differences: z.array(Difference),
  /** What could not be replayed, and why. */
  notes: z.array(z.string()),
});
export type ReplayReport = z.infer<typeof ReplayReport>;
