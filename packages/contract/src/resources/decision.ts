import { z } from 'zod';

export const DecisionOption = z.object({
  id: z.string().min(1).max(200),
  label: z.string().max(500),
  /** What it means where it is a permission, in the words of the Agent Client Protocol. */
  kind: z.enum(['allow_once', 'allow_always', 'reject_once', 'reject_always']).nullable(),
});
export type DecisionOption = z.infer<typeof DecisionOption>;

export const DecisionResolution = z.object({
  /** Who decided: a person, the declared default, nobody in time (denied or halted), or nobody because it no longer matters. */
  source: z.enum(['operator', 'default', 'expired', 'cancelled']),
  /** An option's id, or free text; null where nobody chose. */
  choice: z.string().nullable(),
  by: z.string(),
  at: z.number(),
  note: z.string(),
});
export type DecisionResolution = z.infer<typeof DecisionResolution>;

/** A question an agent waits with. Times are UTC ms. */
export const Decision = z.object({
  decision_id: z.string(),
  session_id: z.string(),
  tenant: z.string(),
  /** A permission is never answered with yes by anything but a person. */
  kind: z.enum(['question', 'permission']),
  question: z.string(),
  /** Empty: any text is an answer. */
  options: z.array(DecisionOption),
  default: z.string().nullable(),
  on_timeout: z.enum(['default', 'deny', 'halt']),
  /** Who asks, `device:<id>` or a part of Vigiles: it cannot give itself a permission. */
  asked_by: z.string().optional(),
  opened_at: z.number(),
  /** Null: it waits until somebody answers. */
  expires_at: z.number().nullable(),
  /** Whoever asks does not wait longer, whatever people give it; null: it does. */
  latest_at: z.number().nullish(),
  state: z.enum(['pending', 'resolved']),
  resolution: DecisionResolution.nullable(),
  /** What it is about (command, path, diff), as the agent told it: hostile text. */
  detail: z.record(z.string(), z.unknown()),
});
export type Decision = z.infer<typeof Decision>;

/** What opens one. Options may be plain words, as the seed has them. */
export const NewDecision = z.object({
  decision_id: z.string().min(1).max(128).optional(),
  kind: z.enum(['question', 'permission']).default('question'),
  question: z.string().max(10_000),
  options: z
    .array(
      z.union([
        z.string().min(1).max(200),
        z.object({
          id: z.string().min(1).max(200),
          label: z.string().max(500).optional(),
          kind: DecisionOption.shape.kind.optional(),
        }),
      ]),
    )
    .max(50)
    .default([]),
  default: z.string().max(200).nullish(),
  on_timeout: z.enum(['default', 'deny', 'halt']).optional(),
  /** Seconds from now; null: no end. */
  timeout_s: z.number().min(0.1).max(2_592_000).nullish(),
  /** Seconds from now past which whoever asks does not wait, however much time people add. */
  latest_s: z.number().min(0.1).max(2_592_000).nullish(),
  detail: z.record(z.string(), z.unknown()).default({}),
});
export type NewDecision = z.input<typeof NewDecision>;

export const DecisionAnswer = z.object({
  choice: z.string().min(1).max(10_000),
  note: z.string().max(2000).default(''),
});
export type DecisionAnswer = z.output<typeof DecisionAnswer>;

/** More time for a question that waits. */
export const DecisionExtension = z.object({
  /** Added to the time it has left. */
  seconds: z.int().min(1).max(3600).default(60),
});
export type DecisionExtension = z.output<typeof DecisionExtension>;
