import type { DiagnosisStatus, Incident, IncidentReplay, KnownPattern, Remedy } from '@vigiles/contract';

const remedy = (id: string, action: string, more: Partial<Remedy>): Remedy => ({
  id,
  steps: [{ action, params: {}, target: null }],
  fixed: 0,
  not_fixed: 0,
  rate: null,
  lower: 0,
  upper: 1,
  tier: 1,
  promoted: false,
  auto: false,
  why: 'Nothing was verified yet',
  last_at: Date.now() - 3_600_000,
  ...more,
});

const pattern = (
  fingerprint: string,
  fault: string,
  template: string,
  more: Partial<KnownPattern>,
): KnownPattern => ({
  fingerprint,
  fault,
  target_class: 'service',
  version: null,
  template,
  occurrences: 4,
  first_at: Date.now() - 86_400_000 * 9,
  last_at: Date.now() - 3_600_000,
  pinned: false,
  self: { recovered: 0, observed: 0, rate: null },
  remedies: [],
  ...more,
});

const patterns: KnownPattern[] = [
  pattern('00000000000000a1', 'A2', 'OSError: [Errno <n>] Address already in use', {
    occurrences: 20,
    pinned: true,
    remedies: [
      remedy('1', 'kill_stale_processes', {
        fixed: 17,
        not_fixed: 3,
        rate: 0.85,
        lower: 0.72,
        upper: 0.92,
        auto: true,
        why: 'At least 72 % of its uses helped',
      }),
      remedy('2', 'restart_service', {
        fixed: 1,
        not_fixed: 2,
        rate: 0.33,
        lower: 0.1,
        upper: 0.68,
        why: 'At least 10 % is sure, 70 % is needed',
      }),
    ],
  }),
  pattern('00000000000000b5', 'B5', 'no answer from <url> within <n> ms <img src=x onerror=alert(<n>)>', {
    target_class: 'provider',
    self: { recovered: 4, observed: 10, rate: 0.4 },
    remedies: [
      remedy('3', 'increase_timeout', {
        fixed: 1,
        rate: 1,
        lower: 0.38,
        tier: 3,
        why: 'At least 38 % is sure, 70 % is needed',
      }),
    ],
  }),
];

const call = {
  incident_id: 'inc_05',
  fingerprint: '00000000000000b5',
  model: 'opencode/qwen3-32b',
  turn_id: 'trn_1',
};
const status: DiagnosisStatus = {
  enabled: true,
  ready: true,
  why: null,
  model: 'opencode/qwen3-32b',
  auto: 'suggest',
  min_confidence: 0.7,
  limits: { per_minute: 1, per_day: 10, monthly_micros: 2_000_000 },
  calls_today: 2,
  calls_left_today: 8,
  next_at: null,
  month_micros: 121_400,
  month_calls: 31,
  month_unpriced: 0,
  month_tokens_in: 24_847,
  month_tokens_out: 3423,
  last: [
    {
      ...call,
      id: 'dia_2',
      ts: Date.now() - 600_000,
      outcome: 'suggested',
      action: 'increase_timeout',
      confidence: 0.82,
      tokens_in: 802,
      tokens_out: 61,
      cost_micros: 410,
      latency_ms: 2140,
      reason: 'The provider answers, only later than it is waited for.',
    },
    {
      ...call,
      id: 'dia_1',
      ts: Date.now() - 7_200_000,
      outcome: 'not_allowed',
      action: 'rm -rf /',
      confidence: 1,
      tokens_in: 790,
      tokens_out: 40,
      cost_micros: 380,
      latency_ms: 1890,
      reason: '“rm -rf /” is not one of the actions it may choose',
    },
  ],
};

const replay: IncidentReplay = {
  sighting: {},
  decision: 'Tier 1: restart_service',
  tiers: [
    {
      tier: 1,
      decides: true,
      title: 'Rule: restart a dead process',
      why: 'Its process is gone: start it again',
      plans: [
        {
          action: 'restart_service',
          target: 'ollama',
          risk: 'reversible',
          steps: ['Start the command again', 'Wait for healthy looks at the new process'],
          refusal: null,
          params: {},
          undoable: false,
          guards: null,
        },
      ],
    },
    {
      tier: 2,
      decides: false,
      title: 'Nothing is learned well enough',
      why: 'No remedy of this pattern is trusted',
      plans: [],
    },
    { tier: 3, decides: false, title: 'The AI would not be asked', why: 'The AI is switched off', plans: [] },
  ],
  decided_then: ['Rule: restart a dead process'],
};

/** Incidents and what was learned, made up; null: another path. */
export function answerIncidents(
  incidents: readonly Incident[],
  path: string,
  query: URLSearchParams,
): unknown {
  if (path === '/api/v1/incidents/facets') {
    const unique = (of: (one: Incident) => string) => [...new Set(incidents.map(of))].sort();
    return { faults: unique((one) => one.fault_code), targets: unique((one) => one.target) };
  }
  if (path === '/api/v1/knowledge') {
    const wanted = (query.get('search') ?? '').toLowerCase();
    const found =
      incidents.length === 0
        ? []
        : patterns.filter(({ template }) => template.toLowerCase().includes(wanted));
    return { patterns: found, total: found.length };
  }
  if (path === '/api/v1/watchdog/ai') return status;
  if (path.endsWith('/replay')) return replay;
  if (path !== '/api/v1/incidents') return null;
  const state = query.get('state');
  const fits = (name: string, value: string) => query.get(name) === null || query.get(name) === value;
  const found = incidents.filter(
    (one) =>
      (!state || one.state === state || (state === 'open' && one.state !== 'closed')) &&
      fits('service', one.service) &&
      fits('fault', one.fault_code),
  );
  return { incidents: found.slice(0, 100), next: null };
}
