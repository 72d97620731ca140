import { z } from 'zod';
import { Turn } from './turn.ts';

/** Usage summed over a span, by one dimension. */
export const UsageRow = z.object({
  key: z.string(),
  turns: z.number(),
  errors: z.number(),
  input_tokens: z.number(),
  cached_input_tokens: z.number(),
  cache_write_tokens: z.number(),
  output_tokens: z.number(),
  reasoning_tokens: z.number(),
  cost_micros: z.number(),
  /** Turns that could not be priced; their cost is not in `cost_micros`. */
  unpriced_turns: z.number(),
  /** From a histogram: right to within a tenth. Null where none was kept. */
  p50_latency_ms: z.number().nullable(),
});
export type UsageRow = z.infer<typeof UsageRow>;

/** The same over time: one row per key and bucket. `start` is UTC ms. */
export const UsageBucket = UsageRow.omit({ p50_latency_ms: true }).extend({ start: z.number() });
export type UsageBucket = z.infer<typeof UsageBucket>;

/** One line of a turn's price: tokens × rate. Lines add up to the cost before it is rounded up to a whole micro-dollar. */
export const CostLine = z.object({
  part: z.enum(['input', 'cache_read', 'cache_write', 'cache_write_1h', 'output', 'request']),
  tokens: z.number(),
  /** Dollars for a million tokens, which is micro-dollars for one; for `request`, micro-dollars for the request. */
  rate: z.number(),
  micros: z.number(),
  /** The rate is the long-context one: the input was larger than this many tokens. */
  above_tokens: z.number().nullable(),
});
export type CostLine = z.infer<typeof CostLine>;

/** A turn with its price line by line; empty where it is unpriced. */
export const TurnDetail = Turn.extend({ cost_lines: z.array(CostLine) });
export type TurnDetail = z.infer<typeof TurnDetail>;

const BudgetScope = z.enum(['whole', 'device', 'workspace', 'provider']);

/** One budget and how it stands. */
export const BudgetState = z.object({
  scope: BudgetScope,
  /** The device, workspace or provider; null for the whole. */
  name: z.string().nullable(),
  span: z.enum(['daily', 'monthly']),
  limit_micros: z.number(),
  spent_micros: z.number(),
  /** Held for turns under way; null while the gateway does not answer. */
  reserved_micros: z.number().nullable(),
  /** The span, UTC ms. */
  starts_at: z.number(),
  ends_at: z.number(),
});
export type BudgetState = z.infer<typeof BudgetState>;

/** A budget that reached a threshold. 100 also when a turn was refused with nine tenths spent. */
export const BudgetAlert = BudgetState.omit({ reserved_micros: true }).extend({
  threshold_percent: z.union([z.literal(50), z.literal(75), z.literal(90), z.literal(100)]),
});
export type BudgetAlert = z.infer<typeof BudgetAlert>;

/** One limit of model traffic and what is left of it now. */
export const TurnLimitState = z.object({
  device: z.string().nullable(),
  model: z.string().nullable(),
  unit: z.enum(['requests', 'tokens']),
  window: z.enum(['minute', 'hour', 'day']),
  limit: z.number(),
  used: z.number(),
  remaining: z.number(),
});
export type TurnLimitState = z.infer<typeof TurnLimitState>;
