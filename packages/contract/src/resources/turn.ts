import { z } from 'zod';
import { RouteSide } from '../config/routing.ts';
import { CircuitState, ModelHealth } from './route-decision.ts';

export const TurnOutcome = z.enum(['ok', 'client_aborted', 'upstream_error', 'gateway_error', 'rejected']);
export type TurnOutcome = z.infer<typeof TurnOutcome>;

const tokens = z.number().nullable();

/** One of the catalogue's faults between a model's words and its calls, as often as one answer showed it. */
export const TurnFault = z.object({
  fault: z.string(),
  count: z.number(),
  /** The client got what was meant all the same. */
  recovered: z.boolean(),
  /** What was seen, without the model's text. */
  detail: z.string(),
});
export type TurnFault = z.infer<typeof TurnFault>;

/** A call nobody made. `tool` null: the words were understood, and nothing may be done about them. */
export const Synthesis = z.object({
  mode: z.enum(['suggest', 'safe']),
  heuristic: z.enum(['url', 'path', 'command', 'memory', 'intent']),
  tool: z.string().nullable(),
  /** JSON arguments; empty without a tool. */
  input: z.string(),
  /** It was sent to the client as a call. */
  delivered: z.boolean(),
});
export type Synthesis = z.infer<typeof Synthesis>;

/** One row of the ledger. Token counts are null when the provider did not say: unknown is not zero. */
export const Turn = z.object({
  id: z.string(),
  /** When it started, UTC ms. */
  ts: z.number(),
  device_id: z.string(),
  session_id: z.string().nullable(),
  /** As the client named it in `x-vigiles-workspace`. */
  workspace: z.string().nullable().default(null),
  client_protocol: z.string(),
  provider: z.string(),
  provider_protocol: z.string(),
  /** What the client asked for. */
  model_requested: z.string(),
  /** What was sent upstream. */
  model: z.string(),
  stream: z.boolean(),
  input_tokens: tokens,
  cached_input_tokens: tokens,
  cache_write_tokens: tokens,
  /** The part of `cache_write_tokens` with the lifetime of one hour. */
  cache_write_1h_tokens: tokens.default(null),
  output_tokens: tokens,
  reasoning_tokens: tokens,
  /** Millionths of a US dollar; null is *unpriced*, never free. */
  cost_micros: z.number().nullable(),
  /** What budgets counted: the cost, or a guess where the provider billed and named no usage. */
  counted_micros: z.number().default(0),
  /** The rates it was priced with; null: unpriced or free. */
  rate_card: z.string().nullable().default(null),
  latency_ms: z.number(),
  /** Time to the first content; null when there was none. */
  ttft_ms: z.number().nullable(),
  outcome: TurnOutcome,
  status: z.number(),
  error_kind: z.string().nullable(),
  error_message: z.string().nullable(),
  attempts: z.number(),
  losses: z.array(z.object({ path: z.string(), what: z.string(), why: z.string() })),
  /** What was changed in the request because its provider refuses it otherwise, in a few words each. */
  adaptations: z.array(z.string()).default([]),
  /** Where the provider stopped for length and the gateway had it go on: how each part was joined. */
  continuations: z
    .array(z.object({ resumed: z.enum(['text', 'call']), seam: z.string(), repeated: z.number() }))
    .default([]),
  /** What was changed in the model's tool calls: calls recovered from text, arguments put right. */
  repairs: z.array(z.object({ kind: z.string(), tool: z.string(), detail: z.string() })).default([]),
  /** What the fault catalogue calls it (C1–C10), one entry a code. */
  faults: z.array(TurnFault).default([]),
  /** What the gateway thought the model wanted when it called nothing; null: nothing, or not asked to think. */
  synthesis: Synthesis.nullable().default(null),
});
export type Turn = z.infer<typeof Turn>;

/** A turn under way. */
export const LiveTurn = z.object({
  id: z.string(),
  started_at: z.number(),
  device_id: z.string(),
  session_id: z.string().nullable(),
  client_protocol: z.string(),
  model: z.string(),
  provider: z.string(),
  phase: z.enum(['connecting', 'waiting', 'streaming']),
  ttft_ms: z.number().nullable(),
  output_chars: z.number(),
});
export type LiveTurn = z.infer<typeof LiveTurn>;

/** What the gateway process says of itself now. */
export const GatewaySnapshot = z.object({
  pid: z.number(),
  version: z.string(),
  started_at: z.number(),
  uptime_s: z.number(),
  memory_mb: z.number(),
  requests_total: z.number(),
  active: z.number(),
  requests_1m: z.number(),
  errors_1m: z.number(),
  input_tokens_1m: z.number(),
  output_tokens_1m: z.number(),
  /** At most 200 turns under way, newest first. */
  live: z.array(LiveTurn),
  providers: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      /** It listens on this machine. */
      local: z.boolean(),
      /** How routing takes it. */
      side: RouteSide,
      state: z.enum(['unknown', 'ok', 'failing']),
      models: z.array(z.string()),
      last_error: z.string().nullable(),
      /** The worst of its models; `open` only where all of it is left alone. */
      circuit: CircuitState.default('closed'),
      /** Moving average over its models. */
      latency_ms: z.number().nullable().default(null),
    }),
  ),
  /** What was measured or failed lately, at most 200, troubles first. */
  health: z.array(ModelHealth).default([]),
});
export type GatewaySnapshot = z.infer<typeof GatewaySnapshot>;
