import type { CircuitState, GatewaySnapshot, LiveTurn, ModelHealth } from '@vigiles/contract';
import { WHOLE_PROVIDER } from '../core/health/health.ts';
import type { GatewayCore } from '../gateway-core.ts';
import type { Turn } from '../turn/turn.ts';

const MAX_LIVE = 200;
const MAX_HEALTH = 200;

/** What the process counts of itself. */
export interface ProcessFacts {
  version: string;
  startedAt: number;
  requestsTotal: number;
}

/** What the gateway says of itself now. */
export function snapshot(core: GatewayCore, facts: ProcessFacts): GatewaySnapshot {
  const now = core.clock.now();
  const recent = core.recent.sums(now);
  const health = core.health.list(now, MAX_HEALTH);
  return {
    pid: process.pid,
    version: facts.version,
    started_at: facts.startedAt,
    uptime_s: Math.floor((now - facts.startedAt) / 1000),
    memory_mb: memoryMb(),
    requests_total: facts.requestsTotal,
    active: core.live.size,
    requests_1m: recent.requests,
    errors_1m: recent.errors,
    input_tokens_1m: recent.inputTokens,
    output_tokens_1m: recent.outputTokens,
    live: core.live.list().toReversed().slice(0, MAX_LIVE).map(liveTurn),
    providers: core.table.list().map((upstream) => {
      const { circuit, latency_ms } = doing(health.filter(({ provider }) => provider === upstream.id));
      return {
        id: upstream.id,
        type: upstream.type.type,
        local: upstream.local,
        side: upstream.side,
        state: upstream.state,
        models: [...upstream.models],
        last_error: upstream.lastError,
        circuit,
        latency_ms,
      };
    }),
    health,
  };
}

/** A provider as a whole: left alone when all of it is, in trouble when any of its models is. */
function doing(models: readonly ModelHealth[]): { circuit: CircuitState; latency_ms: number | null } {
  const whole = models.find(({ model }) => model === WHOLE_PROVIDER);
  const circuit =
    whole && whole.circuit !== 'closed'
      ? whole.circuit
      : models.some((one) => one.circuit !== 'closed')
        ? 'half-open'
        : 'closed';
  return { circuit, latency_ms: whole?.latency_ms ?? null };
}

export const memoryMb = (): number => Math.round(process.memoryUsage.rss() / 104_857.6) / 10;

function liveTurn(turn: Turn): LiveTurn {
  return {
    id: turn.id,
    started_at: turn.startedAt,
    device_id: turn.identity.deviceId,
    session_id: turn.sessionId,
    client_protocol: turn.client,
    model: turn.model,
    provider: turn.upstream?.id ?? '',
    phase: turn.phase,
    ttft_ms: turn.ttftMs === null ? null : Math.round(turn.ttftMs),
    output_chars: turn.outputChars,
  };
}
