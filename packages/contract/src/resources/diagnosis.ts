import { z } from 'zod';

/** How a question to the model ended. Only `suggested` and `acted` led to anything. */
export const DiagnosisOutcome = z.enum([
  'asking',
  'suggested',
  'acted',
  'low_confidence',
  'not_allowed',
  'invalid',
  'refused',
  'timeout',
  'failed',
]);
export type DiagnosisOutcome = z.infer<typeof DiagnosisOutcome>;

/** One question of tier 3. */
export const DiagnosisCall = z.object({
  id: z.string(),
  ts: z.number(),
  incident_id: z.string(),
  fingerprint: z.string(),
  outcome: DiagnosisOutcome,
  /** What was asked for, and which turn of the gateway it was. */
  model: z.string(),
  turn_id: z.string().nullable(),
  tokens_in: z.number(),
  tokens_out: z.number(),
  /** By the gateway's ledger; null: unpriced, or not known. */
  cost_micros: z.number().nullable(),
  latency_ms: z.number(),
  action: z.string().nullable(),
  confidence: z.number().nullable(),
  reason: z.string(),
});
export type DiagnosisCall = z.infer<typeof DiagnosisCall>;

export const DiagnosisStatus = z.object({
  enabled: z.boolean(),
  /** It could ask now; `why` says what is in the way. */
  ready: z.boolean(),
  why: z.string().nullable(),
  model: z.string().nullable(),
  auto: z.enum(['suggest', 'act']),
  min_confidence: z.number(),
  limits: z.object({ per_minute: z.number(), per_day: z.number(), monthly_micros: z.number() }),
  calls_today: z.number(),
  calls_left_today: z.number(),
  /** UTC ms; null: at once, or not before the next month. */
  next_at: z.number().nullable(),
  /** Spent and set aside in this month (UTC). */
  month_micros: z.number(),
  month_calls: z.number(),
  month_unpriced: z.number(),
  month_tokens_in: z.number(),
  month_tokens_out: z.number(),
  last: z.array(DiagnosisCall),
});
export type DiagnosisStatus = z.infer<typeof DiagnosisStatus>;
