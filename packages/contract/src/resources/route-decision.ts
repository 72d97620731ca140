import { z } from 'zod';
import { ModelAbility, Privacy, RouteSide, RouteStrategy } from '../config/routing.ts';

/** Why a provider is not to be asked for a while. `not-found`: it does not have the model. */
export const FailureCause = z.enum([
  'rate-limited',
  'overloaded',
  'server',
  'timeout',
  'connection',
  'auth',
  'quota',
  'not-found',
]);
export type FailureCause = z.infer<typeof FailureCause>;

/** `half-open`: one turn is trying it out. */
export const CircuitState = z.enum(['closed', 'open', 'half-open']);
export type CircuitState = z.infer<typeof CircuitState>;

/** How one model of one provider does, by cause. Only what failed lately or was measured is listed. */
export const ModelHealth = z.object({
  provider: z.string(),
  /** `*`: the whole provider, for causes that do not depend on the model. */
  model: z.string(),
  circuit: CircuitState,
  /** Until the first content, moving average of completed turns; null: none yet. */
  latency_ms: z.number().nullable(),
  causes: z.array(
    z.object({
      cause: FailureCause,
      /** In a row. */
      failures: z.number(),
      /** UTC ms until which it is left alone; null: it is not. */
      cooling_until: z.number().nullable(),
      message: z.string(),
    }),
  ),
});
export type ModelHealth = z.infer<typeof ModelHealth>;

/** What a turn said of itself, and what was read off its request. */
export const TaskFacts = z.object({
  privacy: Privacy,
  workspace: z.string().nullable(),
  intent: z.string().nullable(),
  tags: z.array(z.string()),
  /** `route=local|cloud`, where given. */
  route: RouteSide.nullable(),
  /** Null: nothing on the way depended on it, so it was not looked at. */
  needs: z.array(ModelAbility).nullable(),
  /** An estimate. Null: as above. */
  input_tokens: z.number().nullable(),
});
export type TaskFacts = z.infer<typeof TaskFacts>;

/** Why a candidate was not used. */
export const Rejection = z.object({
  code: z.enum([
    'condition',
    'ability',
    'context',
    'private',
    'secrets',
    'cloud-off',
    'override',
    'not-earned',
    'cooling',
    'probing',
    'budget',
    'missing',
  ]),
  detail: z.string(),
});
export type Rejection = z.infer<typeof Rejection>;

/** One place a turn could have gone to, in the order of preference. */
export const CandidateVerdict = z.object({
  provider: z.string(),
  model: z.string(),
  /** Null: a plain turn's is not kept. */
  side: RouteSide.nullable(),
  weight: z.number(),
  /** What it was ordered by, lower first: the draw, milliseconds, micro-dollars or its place; failures are added. */
  score: z.number(),
  latency_ms: z.number().nullable(),
  failures: z.number(),
  cooling_until: z.number().nullable(),
  rejected: Rejection.nullable(),
});
export type CandidateVerdict = z.infer<typeof CandidateVerdict>;

/** One time a turn was sent. */
export const RouteAttempt = z.object({
  provider: z.string(),
  model: z.string(),
  /** After the turn began. */
  started_ms: z.number(),
  latency_ms: z.number(),
  outcome: z.enum(['ok', 'failed', 'refused', 'aborted']),
  /** Null where the provider was not at fault. */
  cause: FailureCause.nullable(),
  status: z.number().nullable(),
  message: z.string().nullable(),
});
export type RouteAttempt = z.infer<typeof RouteAttempt>;

/** Everything a choice was made from, so that it can be made again. */
export const RouteDecision = z.object({
  /** How the model's name was understood. */
  why: z.enum(['route', 'prefix', 'listed', 'default', 'auto', 'unknown']),
  /** The pattern of the route that matched. */
  route: z.string().nullable(),
  strategy: RouteStrategy,
  /** UTC ms. */
  decided_at: z.number(),
  /** The random number (0 to 1) that was drawn for `weighted`. */
  draw: z.number().nullable(),
  task: TaskFacts,
  /** What was found in the prompt, by name; null: it was not scanned. */
  secrets: z.array(z.object({ pattern: z.string(), count: z.number() })).nullable(),
  candidates: z.array(CandidateVerdict),
  attempts: z.array(RouteAttempt),
});
export type RouteDecision = z.infer<typeof RouteDecision>;

/** `GET /api/v1/ai/turns/{id}/explain`. */
export const TurnExplanation = RouteDecision.extend({
  turn_id: z.string(),
  /** True: there was one place to go and one attempt; told from the turn's own row. */
  plain: z.boolean(),
  /** The decision in sentences, in the order things happened. */
  story: z.array(z.string()),
});
export type TurnExplanation = z.infer<typeof TurnExplanation>;
