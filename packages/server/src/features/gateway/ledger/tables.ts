import type { BudgetAlertTable, RateCardTable, UsageHourTable, UsageLatencyTable } from './money-tables.ts';

/** One settled turn, as it is stored. Names are the API's own. */
export interface TurnTable {
  id: string;
  ts: number;
  device_id: string;
  session_id: string | null;
  workspace: string | null;
  client_protocol: string;
  provider: string;
  provider_protocol: string;
  model_requested: string;
  model: string;
  /** 0 or 1. */
  stream: number;
  input_tokens: number | null;
  cached_input_tokens: number | null;
  cache_write_tokens: number | null;
  cache_write_1h_tokens: number | null;
  output_tokens: number | null;
  reasoning_tokens: number | null;
  cost_micros: number | null;
  counted_micros: number;
  rate_card: string | null;
  latency_ms: number;
  ttft_ms: number | null;
  outcome: string;
  status: number;
  error_kind: string | null;
  error_message: string | null;
  attempts: number;
  /** JSON; null when there were none, which is nearly always. */
  losses: string | null;
  /** The same for what was repaired in its tool calls. */
  repairs: string | null;
  /** The same for the catalogue's faults. */
  faults: string | null;
  /** JSON; null: no call was thought of. */
  synthesis: string | null;
  /** And for what was changed in its request, and for how its parts were joined. */
  adaptations: string | null;
  continuations: string | null;
  /** JSON of how it was routed; null where there was no choice and one attempt. */
  decision: string | null;
}

/** What a turn said, where it is kept. */
export interface TurnContentTable {
  id: string;
  ts: number;
  bytes: number;
  mode: string;
  /** JSON of a `TurnContent`. */
  content: string;
}

export interface GatewayTables {
  turn_content: TurnContentTable;
  turn: TurnTable;
  usage_hour: UsageHourTable;
  usage_latency: UsageLatencyTable;
  rate_card: RateCardTable;
  budget_alert: BudgetAlertTable;
}
