import type { GatewaySnapshot, LiveTurn, Turn, UsageBucket, UsageRow } from '@vigiles/contract';
import type { Random } from './random.ts';

const models: [string, string, string, number | null][] = [
  ['gpt-6-codex', 'openai', 'openai-responses', 9],
  ['gpt-6-mini', 'openai', 'openai-responses', 1.2],
  ['claude-opus-5', 'anthropic', 'anthropic-messages', 21],
  ['claude-sonnet-5', 'anthropic', 'anthropic-messages', 6],
  ['qwen3-coder:30b', 'ollama', 'openai-chat', null],
  ['deepseek/deepseek-v4', 'openrouter', 'openai-chat', 0.7],
];

export function makeTurn(random: Random, i: number, ts: number): Turn {
  const [model, provider, protocol, price] = random.pick(models);
  const fate = random.next();
  const outcome =
    fate < 0.9
      ? 'ok'
      : fate < 0.94
        ? 'client_aborted'
        : fate < 0.97
          ? 'upstream_error'
          : fate < 0.985
            ? 'rejected'
            : 'gateway_error';
  const ok = outcome === 'ok';
  const input = random.int(1_200, 64_000);
  const output = random.int(40, 3_200);
  const failed = outcome === 'upstream_error';
  return {
    id: `trn_${String(i).padStart(6, '0')}`,
    ts,
    device_id: random.pick(['dev_laptop', 'dev_ci', 'dev_studio']),
    session_id: `ses_${random.int(1, 9)}f3a${random.int(10, 99)}`,
    workspace: random.pick(['shop', 'infra', null]),
    client_protocol: 'openai-responses',
    provider,
    provider_protocol: protocol,
    model_requested: model,
    model,
    stream: true,
    input_tokens: ok ? input : null,
    cached_input_tokens: ok ? Math.floor(input * random.between(0.2, 0.9)) : null,
    cache_write_tokens: null,
    cache_write_1h_tokens: null,
    output_tokens: ok ? output : null,
    reasoning_tokens: ok && price !== null ? Math.floor(output * 0.4) : null,
    cost_micros: ok && price !== null ? Math.round((input * price) / 5 + output * price) : null,
    counted_micros: 0,
    rate_card: null,
    latency_ms: random.between(700, 24_000),
    ttft_ms: ok ? random.between(180, 1_900) : null,
    outcome,
    status: ok ? 200 : failed ? 529 : outcome === 'rejected' ? 402 : outcome === 'client_aborted' ? 499 : 500,
    error_kind:
      ok || outcome === 'client_aborted'
        ? null
        : failed
          ? 'upstream'
          : outcome === 'rejected'
            ? 'over-budget'
            : 'internal',
    error_message: failed
      ? 'The provider is overloaded (529); three tries, then given up.'
      : outcome === 'rejected'
        ? 'The daily budget of this device is used up.'
        : null,
    attempts: failed ? 3 : 1,
    repairs: [],
    faults: [],
    synthesis: null,
    adaptations: [],
    continuations: [],
    losses:
      protocol === 'openai-chat' && random.next() < 0.4
        ? [
            {
              path: 'input[3].encrypted_content',
              what: 'encrypted reasoning',
              why: 'Chat Completions cannot carry it',
            },
          ]
        : [],
  };
}

export function makeLive(random: Random, i: number, now: number): LiveTurn {
  const [model, provider] = random.pick(models);
  const phase = random.pick(['streaming', 'streaming', 'waiting', 'connecting'] as const);
  return {
    id: `live_${i}`,
    started_at: now - random.int(1, 50) * 1000,
    device_id: 'dev_laptop',
    session_id: `ses_${random.int(1, 9)}f3a${random.int(10, 99)}`,
    client_protocol: 'openai-responses',
    model,
    provider,
    phase,
    ttft_ms: phase === 'streaming' ? random.between(200, 1500) : null,
    output_chars: phase === 'streaming' ? random.int(50, 9000) : 0,
  };
}

export function makeSnapshot(live: LiveTurn[], startedAt: number, total: number): GatewaySnapshot {
  return {
    pid: 4388,
    version: '0.1.0',
    started_at: startedAt,
    uptime_s: (Date.now() - startedAt) / 1000,
    memory_mb: 87,
    requests_total: total,
    active: live.length,
    requests_1m: 138,
    errors_1m: 2,
    input_tokens_1m: 412_000,
    output_tokens_1m: 18_300,
    live,
    providers: [
      {
        id: 'openai',
        type: 'openai',
        local: false,
        side: 'cloud',
        state: 'ok',
        models: ['gpt-6-codex', 'gpt-6-mini'],
        last_error: null,
        circuit: 'closed',
        latency_ms: 840,
      },
      {
        id: 'anthropic',
        type: 'anthropic',
        local: false,
        side: 'cloud',
        state: 'failing',
        models: ['claude-opus-5', 'claude-sonnet-5'],
        last_error: '529 overloaded, 40 s ago',
        circuit: 'open',
        latency_ms: 1310,
      },
      {
        id: 'ollama',
        type: 'ollama',
        local: true,
        side: 'local',
        state: 'ok',
        models: ['qwen3-coder:30b'],
        last_error: null,
        circuit: 'closed',
        latency_ms: 840,
      },
      {
        id: 'openrouter',
        type: 'openrouter',
        local: false,
        side: 'cloud',
        state: 'unknown',
        models: [],
        last_error: null,
        circuit: 'closed',
        latency_ms: null,
      },
    ],
    health: [
      {
        provider: 'anthropic',
        model: '*',
        circuit: 'open',
        latency_ms: 1310,
        causes: [
          {
            cause: 'overloaded',
            failures: 3,
            cooling_until: Date.now() + 42_000,
            message: 'Overloaded',
          },
        ],
      },
    ],
  };
}

const HOUR_MS = 3_600_000;

const keyOf =
  (by: string) =>
  (turn: Turn): string =>
    by === 'provider'
      ? turn.provider
      : by === 'device'
        ? turn.device_id
        : by === 'session'
          ? (turn.session_id ?? '')
          : by === 'workspace'
            ? (turn.workspace ?? '')
            : turn.model;

const sumsOf = (group: readonly Turn[]) => ({
  turns: group.length,
  errors: group.filter((turn) => turn.outcome !== 'ok').length,
  input_tokens: group.reduce((n, turn) => n + (turn.input_tokens ?? 0), 0),
  cached_input_tokens: group.reduce((n, turn) => n + (turn.cached_input_tokens ?? 0), 0),
  cache_write_tokens: 0,
  reasoning_tokens: 0,
  output_tokens: group.reduce((n, turn) => n + (turn.output_tokens ?? 0), 0),
  cost_micros: group.reduce((n, turn) => n + (turn.cost_micros ?? 0), 0),
  unpriced_turns: group.filter((turn) => turn.cost_micros === null).length,
});

/** Sums turns by one dimension, as the server's report does. */
export function sumUsage(turns: readonly Turn[], by: string, since: number): UsageRow[] {
  const within = turns.filter((turn) => turn.ts >= since);
  return [...Map.groupBy(within, keyOf(by))].map(([key, group]) =>
    Object.assign(sumsOf(group), {
      key,
      p50_latency_ms:
        group.map((turn) => turn.latency_ms).sort((a, b) => a - b)[Math.floor(group.length / 2)] ?? null,
    }),
  );
}

/** The same by hour or day. */
export function sumSeries(turns: readonly Turn[], by: string, since: number, bucket: string): UsageBucket[] {
  const step = bucket === 'day' ? 24 * HOUR_MS : HOUR_MS;
  const within = turns.filter((turn) => turn.ts >= since);
  return [...Map.groupBy(within, ({ ts }) => Math.floor(ts / step) * step)].flatMap(([start, all]) =>
    [...Map.groupBy(all, keyOf(by))].map(([key, group]) => Object.assign(sumsOf(group), { key, start })),
  );
}
