import type { ActionRun, Incident } from '@vigiles/contract';
import type { Random } from './random.ts';

const stories: [string, string, string][] = [
  ['gateway', 'process.gone', 'Model gateway was killed (signal 9)'],
  ['ollama', 'http.timeout', 'Ollama stopped answering within 5 s'],
  ['redis', 'port.stolen', 'Port 6379 is held by a process that is not Redis'],
  ['mcp-browser', 'crash.loop', 'Browser MCP server crashed five times in ten minutes'],
  ['docs-index', 'http.status', 'Docs indexer answers 500 to its health check'],
  ['gateway', 'process.frozen', 'Model gateway is alive but does not answer'],
];

function story(
  service: string,
  title: string,
  at: number,
  closed: boolean,
  outcome: Incident['outcome'],
): Incident['timeline'] {
  const base = { actor: 'watchdog' };
  return [
    {
      ...base,
      ts: at,
      kind: 'cause',
      tier: null,
      title,
      detail: 'The process exited; its port is free again.',
      evidence: {
        pid: 4211,
        signal: 'SIGKILL',
        uptime_s: 5021,
        last_log: 'POST /v1/responses 200 in 812 ms',
      },
    },
    {
      ...base,
      ts: at + 40,
      kind: 'decision',
      tier: 1,
      title: 'Restart it',
      detail: 'Rule process.gone: a supervised process that is gone is started again.',
      evidence: { rule: 'process.gone', alternatives: ['alert_user', 'ignore'] },
    },
    {
      ...base,
      ts: at + 52,
      kind: 'guard',
      tier: null,
      title: 'Allowed: 1 of 5 restarts in 10 minutes',
      detail: '',
      evidence: { window_s: 600, used: 1, limit: 5 },
    },
    {
      ...base,
      ts: at + 60,
      kind: 'action',
      tier: null,
      title: `Restarted ${service}`,
      detail: 'New process 4388, listening after 310 ms.',
      evidence: { pid: 4388, listen_ms: 310 },
    },
    ...(closed
      ? [
          {
            ...base,
            ts: at + 900,
            kind: 'verification' as const,
            tier: null,
            title: 'Three looks in a row were answered',
            detail: '',
            evidence: { latencies_ms: [3.1, 2.8, 2.9] },
          },
          {
            ...base,
            ts: at + 940,
            kind: 'outcome' as const,
            tier: null,
            title: outcome === 'fixed' ? 'Fixed after 0.9 s' : 'It is not known whether it helped',
            detail: '',
            evidence: {},
          },
        ]
      : []),
  ];
}

/** Incidents, newest first; the first few are open, one of them needs a person. */
export function makeIncidents(random: Random, count: number, now: number): Incident[] {
  let at = now - 90_000;
  return Array.from({ length: count }, (_, i): Incident => {
    const [service, fault, title] = i === 0 ? stories[3]! : i === 1 ? stories[1]! : random.pick(stories);
    const state = i === 0 ? 'needs_person' : i === 1 ? 'verifying' : 'closed';
    const outcome =
      state !== 'closed'
        ? null
        : random.next() < 0.8
          ? 'fixed'
          : random.pick(['not_fixed', 'unknown', 'cancelled'] as const);
    const opened = at;
    at -= random.int(600, 40_000) * 1000;
    return {
      id: i === 0 ? 'inc_05' : i === 1 ? 'inc_03' : `inc_${100 + i}`,
      service,
      target: service,
      target_class: 'service',
      fault_id: null,
      fingerprint: null,
      tier: 1,
      suggestion:
        i === 0
          ? {
              action: 'restart_service',
              params: {},
              reason: 'It stopped answering right after its memory grew.',
              confidence: 0.82,
              ts: opened,
            }
          : null,
      fault_code: fault,
      title,
      severity: i === 0 ? 'critical' : random.pick(['critical', 'warning', 'warning', 'info'] as const),
      state,
      outcome,
      opened_at: opened,
      closed_at: state === 'closed' ? opened + random.int(900, 240_000) : null,
      acknowledged_by: null,
      occurrences: random.int(1, 6),
      timeline: story(service, title, opened, state === 'closed', outcome),
    };
  });
}

/** What went wrong with the agent of a session, and was put right. */
export function makeSessionIncident(sessionId: string, now: number): Incident {
  const target = `session:${sessionId}`;
  const opened = now - 420_000;
  const title = `${target}: its agent crashed in the middle of its work (Codex has ended (SIGKILL))`;
  return {
    id: 'inc_session',
    service: target,
    target,
    target_class: 'session',
    fault_id: 'S1',
    fingerprint: null,
    tier: 1,
    suggestion: null,
    fault_code: 'S1',
    title,
    severity: 'warning',
    state: 'closed',
    outcome: 'fixed',
    opened_at: opened,
    closed_at: opened + 3100,
    acknowledged_by: null,
    occurrences: 1,
    timeline: story(target, title, opened, true, 'fixed'),
  };
}

export function makeRun(id: string, over: Partial<ActionRun>): ActionRun {
  return {
    id,
    action: 'restart_service',
    target: 'ollama',
    params: {},
    risk: 'disruptive',
    state: 'finished',
    outcome: 'fixed',
    actor: 'watchdog',
    incident_id: null,
    reason: 'It stopped answering within 5 s.',
    attempt: 1,
    steps: [
      'Send SIGTERM to process 4021',
      'Wait up to 10 s for it to leave',
      'Start it again',
      'Wait for three good looks',
    ],
    veto_until: null,
    approval_until: null,
    approved_by: null,
    cancelled_by: null,
    stable_until: null,
    undoable: false,
    created_at: Date.now() - 60_000,
    started_at: null,
    finished_at: null,
    evidence: [],
    message: '',
    ...over,
  };
}
