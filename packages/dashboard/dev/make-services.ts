import type { Beat, Service, ServiceState } from '@vigiles/contract';
import type { Random } from './random.ts';

const known: [string, string, number, number][] = [
  ['gateway', 'Model gateway', 8766, 3],
  ['postgres', 'PostgreSQL', 5432, 1],
  ['redis', 'Redis', 6379, 0.4],
  ['ollama', 'Ollama', 11434, 12],
  ['mcp-github', 'GitHub MCP server', 7801, 24],
  ['mcp-browser', 'Browser MCP server', 7802, 41],
  ['vector-db', 'Qdrant', 6333, 6],
  ['docs-index', 'Docs indexer', 7810, 18],
  ['ci-runner', 'CI runner', 7820, 9],
  ['openai-api', 'api.openai.com', 443, 180],
  ['anthropic-api', 'api.anthropic.com', 443, 160],
  ['staging-web', 'Staging site', 3000, 55],
];
const special: Record<number, ServiceState> = {
  3: 'RECOVERING',
  5: 'DOWN',
  7: 'SUSPECT',
  8: 'UNKNOWN',
  11: 'STOPPED_BY_USER',
};

function makeBeats(random: Random, base: number, state: ServiceState, now: number, count: number): Beat[] {
  return Array.from({ length: count }, (_, i) => {
    const left = count - 1 - i;
    const bad = state !== 'UP' && left < 7;
    const at: ServiceState = bad
      ? state === 'RECOVERING' && left > 2
        ? 'DOWN'
        : state
      : random.next() < 0.008
        ? 'SUSPECT'
        : 'UP';
    const answered = at === 'UP' || at === 'SUSPECT';
    return {
      ts: now - left * 10_000,
      state: at,
      latency_ms: answered ? base * random.between(0.8, 1.35) * (random.next() < 0.04 ? 2.4 : 1) : null,
      ...(at === 'DOWN' ? { message: 'connect ECONNREFUSED' } : {}),
    };
  });
}

const reasons: Partial<Record<ServiceState, string>> = {
  DOWN: 'Connection refused on port 7802, three looks in a row.',
  SUSPECT: 'One look timed out after 5 s; looking again.',
  RECOVERING: 'Restarted 14 s ago, being verified.',
  UNKNOWN: 'The machine was short of memory, so the looks prove nothing.',
  STOPPED_BY_USER: 'Stopped on the dashboard.',
};

/** A fleet with one service in each state; the rest is up. */
export function makeServices(random: Random, count: number, now: number): Service[] {
  return Array.from({ length: count }, (_, i): Service => {
    const row = known[i];
    const [name, title, port, base] = row ?? [
      `worker-${String(i).padStart(4, '0')}`,
      `Worker ${i}`,
      9000 + i,
      random.between(2, 60),
    ];
    const state =
      special[i] ??
      (i > 20 && random.next() < 0.015 ? random.pick(['DOWN', 'SUSPECT', 'UNKNOWN'] as const) : 'UP');
    const running = state === 'UP' || state === 'SUSPECT' || state === 'RECOVERING';
    const remote = port === 443;
    return {
      name,
      title,
      kind: remote ? 'watched' : i % 5 === 3 ? 'adopted' : 'supervised',
      state,
      since: now - random.int(20, 400_000) * 1000,
      reason: reasons[state] ?? '',
      version: remote ? null : `${random.int(0, 8)}.${random.int(0, 20)}.${random.int(0, 9)}`,
      port,
      pid: running && !remote ? 4000 + i * 7 : null,
      uptime_s: running && !remote ? random.int(60, 600_000) : null,
      memory_mb: running && !remote ? random.between(20, 1900) : null,
      checks: [
        {
          id: 'http:0',
          type: 'http',
          title: 'HTTP',
          seen: {
            at: now - 2000,
            result: state === 'UNKNOWN' ? 'unknown' : state === 'DOWN' ? 'failed' : 'healthy',
            reason: state === 'DOWN' ? (reasons[state] ?? '') : '',
            latency_ms: state === 'DOWN' ? null : base,
            facts: { status: 200, ...(remote ? { certificate_days_left: 41.5 } : {}) },
          },
          target: remote ? `https://${title}/` : `http://127.0.0.1:${port}/health`,
          interval_s: 10,
        },
        ...(remote
          ? []
          : [
              { id: 'process:1', type: 'process', title: 'Process', target: name, interval_s: 2, seen: null },
            ]),
      ],
      depends_on: name === 'docs-index' ? ['postgres', 'vector-db'] : [],
      beats: makeBeats(random, base, state, now, i === 9 ? 34 : 90),
      p50_ms: state === 'UNKNOWN' ? null : base,
      p99_ms: state === 'UNKNOWN' ? null : base * 2.6,
      uptime_24h:
        state === 'UNKNOWN'
          ? null
          : state === 'UP'
            ? random.next() < 0.6
              ? 1
              : random.between(0.991, 0.9999)
            : random.between(0.9, 0.995),
      uptime_30d: state === 'UNKNOWN' ? null : random.between(0.985, 1),
      uptime_1y: state === 'UNKNOWN' ? null : random.between(0.97, 0.9999),
      predictions:
        i === 2
          ? [
              {
                id: `memory:${name}`,
                kind: 'memory',
                target: name,
                title: `${name} will be out of memory in about 3 hours`,
                detail:
                  'At its pace of the last hours; at the earliest in 2 hours, at the latest in 5 hours.',
                time_left_ms: 3 * 3_600_000,
                earliest_ms: 2 * 3_600_000,
                latest_ms: 5 * 3_600_000,
                confidence: 0.8,
                value: 900e6,
                limit: 1.5e9,
                unit: 'bytes',
                since: now - 600_000,
                at: now,
              },
            ]
          : [],
      restarts_in_window: state === 'DOWN' ? 5 : state === 'RECOVERING' ? 1 : 0,
      open_incident_id: state === 'DOWN' ? 'inc_05' : state === 'RECOVERING' ? 'inc_03' : null,
      actions: remote
        ? []
        : [
            {
              action: 'restart_service',
              title: 'Restart',
              enabled: state !== 'STOPPED_BY_USER',
              ...(state === 'STOPPED_BY_USER' ? { reason: 'It is stopped; start it instead.' } : {}),
            },
            {
              action: 'stop_service',
              title: 'Stop',
              enabled: running,
              ...(running ? {} : { reason: 'It is not running.' }),
            },
            {
              action: 'kill_stale_processes',
              title: 'Kill stale processes',
              enabled: false,
              reason: 'No stale process of this service was found.',
            },
          ],
    };
  });
}
