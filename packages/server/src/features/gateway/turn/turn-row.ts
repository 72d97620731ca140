import type { TurnOutcome } from '@vigiles/contract';
import type { WireError } from '@vigiles/wire';
import { callFaults } from '../core/synthesis/call-faults.ts';
import type { LedgerTurn } from '../ledger/ledger-turn.ts';
import { decisionRecord } from './decision-record.ts';
import type { Turn } from './turn.ts';

/** Longest error text kept: providers sometimes answer with a web page. */
const MAX_MESSAGE = 500;

/** The ledger row of a settled turn. */
export function turnRow(
  turn: Turn,
  end: {
    outcome: TurnOutcome;
    status: number;
    error: WireError | undefined;
    costMicros: number | null;
    /** What budgets count. */
    countedMicros: number;
  },
): LedgerTurn {
  const { usage } = turn;
  const decision = decisionRecord(turn);
  return {
    id: turn.id,
    ts: turn.startedAt,
    device_id: turn.identity.deviceId,
    session_id: turn.sessionId,
    workspace: turn.workspace,
    client_protocol: turn.surface ?? turn.client,
    provider: turn.upstream?.id ?? '',
    provider_protocol: (turn.upstreamProtocol && turn.surface) ?? turn.upstreamProtocol ?? '',
    model_requested: turn.modelRequested,
    model: turn.model,
    stream: turn.stream,
    input_tokens: usage?.inputTokens ?? null,
    cached_input_tokens: usage?.cachedInputTokens ?? null,
    cache_write_tokens: usage?.cacheWriteTokens ?? null,
    cache_write_1h_tokens: usage?.cacheWrite1hTokens ?? null,
    output_tokens: usage?.outputTokens ?? null,
    reasoning_tokens: usage?.reasoningTokens ?? null,
    cost_micros: end.costMicros,
    counted_micros: end.countedMicros,
    rate_card: turn.core.cards.idOf(turn.rates, turn.upstream?.id ?? '', turn.model),
    latency_ms: round(turn.core.clock.monotonic() - turn.startedMono),
    ttft_ms: turn.ttftMs === null ? null : round(turn.ttftMs),
    outcome: end.outcome,
    status: end.status,
    error_kind: end.error?.kind ?? null,
    error_message: end.error ? turn.core.redact(end.error.message).slice(0, MAX_MESSAGE) : null,
    attempts: turn.attempts,
    losses: turn.losses,
    repairs: [...turn.repairs],
    faults: callFaults(turn.repairs, turn.signals),
    synthesis: turn.synthesis,
    adaptations: turn.adapting?.changes ?? [],
    continuations: turn.continued ? [...turn.continued.joints] : [],
    ...(decision === null ? {} : { decision }),
  };
}

/** Tenths of a millisecond say enough. */
const round = (ms: number): number => Math.round(ms * 10) / 10;
