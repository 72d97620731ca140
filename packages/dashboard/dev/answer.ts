import { answerCi } from './answer-ci.ts';
import { answerIncidents } from './answer-incidents.ts';
import { makeRun } from './make-incidents.ts';
import { answerNotices } from './answer-notices.ts';
import { answerSeries } from './answer-series.ts';
import { answerGateway, changeGateway } from './answer-gateway.ts';
import { makeCostLines, makeExplanation, makeRecord } from './make-anatomy.ts';
import { makeSnapshot, sumSeries, sumUsage } from './make-turns.ts';
import type { World } from './make-world.ts';

export interface Answer {
  status: number;
  body: unknown;
}
const ok = (body: unknown): Answer => ({ status: 200, body });
const fail = (status: number, code: string, error: string): Answer => ({
  status,
  body: { success: false, error, code, timestamp: new Date().toISOString() },
});

export const logLine = (i: number): string =>
  `${new Date(Date.now() - (200 - i) * 700).toISOString()} ${i % 17 === 0 ? '\u001b[33mWARN\u001b[0m slow answer' : 'INFO request'} path=/v1/responses status=200 duration_ms=${200 + ((i * 37) % 900)}`;

/** The API as the contract describes it, on made-up data. */
export function answer(world: World, method: string, url: URL, body: Record<string, unknown>): Answer {
  const path = url.pathname;
  const query = url.searchParams;
  const [, id = ''] = /^\/api\/v1\/(?:services|incidents|ai\/turns|actions\/runs)\/([^/]+)/.exec(path) ?? [];
  const notices = answerNotices(path, query, world.services.length === 0);
  if (notices !== undefined) return ok(notices);
  const ci = answerCi(world.ci, method, path, query);
  if (ci === null) return fail(404, 'ci.unknown_run', 'There is no such run.');
  if (ci !== undefined) return ok(ci);
  if (method === 'GET') {
    if (path === '/api/v1/me')
      return ok({ kind: 'browser', deviceId: 'dev_browser', name: 'Browser', scopes: ['admin'] });
    if (path === '/api/v1/status') return ok(world.status());
    if (path === '/api/v1/services') return ok({ services: world.services });
    if (path === '/api/v1/maintenance') {
      const from = Date.now() - 600_000;
      const window = { id: 'mnt_1', source: 'person', services: ['mcp-browser'], actor: 'device:dev_1' };
      const planned = { id: null, source: 'fleet', services: [], actor: null, reason: 'weekly updates' };
      return ok({
        maintenance: [
          { ...window, from, to: from + 3_600_000, reason: 'new disk', open: true },
          { ...planned, from: from + 86_400_000, to: from + 90_000_000, open: false },
        ],
      });
    }
    if (path.endsWith('/heartbeats')) return ok({ heartbeats: [] });
    if (/^\/api\/v1\/services\/[^/]+$/.test(path)) {
      const found = world.services.find((each) => each.name === decodeURIComponent(id));
      return found ? ok(found) : fail(404, 'unknown_service', `There is no service ${id}.`);
    }
    if (path.endsWith('/logs')) return ok({ lines: Array.from({ length: 200 }, (_, i) => logLine(i)) });
    const told = answerIncidents(world.incidents, path, query);
    if (told !== null) return ok(told);
    if (path.startsWith('/api/v1/incidents/')) {
      const found = world.incidents.find((each) => each.id === id);
      return found ? ok(found) : fail(404, 'incident.not_found', `There is no incident ${id}.`);
    }
    if (path === '/api/v1/actions/runs') return ok({ runs: world.runs });
    if (path === '/api/v1/gateway') {
      return ok({ state: 'up', snapshot: makeSnapshot(world.live, world.startedAt, 48_210) });
    }
    if (path === '/api/v1/ai/turns') {
      const found = world.turns.filter((turn) =>
        (['model', 'provider', 'outcome'] as const).every(
          (key) => !query.get(key) || turn[key] === query.get(key),
        ),
      );
      const from = found.findIndex((turn) => turn.id === query.get('before')) + 1;
      const page = found.slice(from, from + 100);
      return ok({ turns: page, next: page.length === 100 ? (page[99]?.id ?? null) : null });
    }
    if (path.startsWith('/api/v1/ai/turns/')) {
      const found = world.turns.find((each) => each.id === id);
      if (found && path.endsWith('/explain')) return ok(makeExplanation(found));
      if (found && path.endsWith('/record')) return ok(makeRecord(found));
      return found
        ? ok({ ...found, cost_lines: makeCostLines(found) })
        : fail(404, 'turn.not_found', `There is no turn ${id}.`);
    }
    if (path === '/api/v1/ai/usage') {
      const by = query.get('by') ?? 'model';
      const since = Number(query.get('since') ?? 0);
      const rows = sumUsage(world.turns, by, since);
      return ok({ rows, series: sumSeries(world.turns, by, since, query.get('bucket') ?? 'hour') });
    }
    if (path === '/api/v1/devices')
      return ok({
        devices: [
          { id: 'dev_browser', name: 'Browser' },
          { id: 'dev_1', name: 'Ada’s laptop' },
        ],
        count: 2,
      });
    if (path === '/api/v1/ai/overrides') return ok({ overrides: world.overrides });
    const series = answerSeries(world.services, path, query);
    if (series !== undefined) return ok(series);
    if (path === '/api/v1/markers') return ok({ markers: [] });
    if (path === '/api/v1/predictions')
      return ok({ predictions: world.services.flatMap(({ predictions }) => predictions) });
    const gateway = answerGateway(world, path);
    if (gateway !== undefined) return ok(gateway);
    if (path === '/api/v1/events') {
      return ok({ events: world.events.filter((each) => each.seq > Number(query.get('after_seq') ?? 0)) });
    }
  }
  const changed = changeGateway(world, method, path, body);
  if (changed !== undefined) return ok(changed);
  if (path === '/api/v1/actions/catalog') return ok({ actions: catalogue });
  if (path === '/api/v1/actions/guards') {
    const open = world.services.length > 0 ? Date.now() + 420_000 : null;
    const target = query.get('target') ?? '*';
    const counts = { restarts_in_window: 5, max_restarts: 5, window_s: 600 };
    return ok({ guards: [{ target, ...counts, breaker_open_until: open, cooldowns: [] }] });
  }
  if (path === '/api/v1/actions/plan') {
    return ok({
      action: body['action'],
      target: body['target'],
      risk: 'disruptive',
      steps: String(body['target']).startsWith('ci:')
        ? retrySteps
        : [
            'Send SIGTERM to process 4021 and its children',
            'Wait up to 10 s for them to leave',
            'Start it again with its own command',
            'Wait for three good looks in a row',
          ],
      refusal: null,
    });
  }
  if (path === '/api/v1/actions/run') {
    const run = makeRun(`run_${world.runs.length + 1}`, {
      action: String(body['action']),
      target: String(body['target']),
      actor: 'device:dev_browser',
      state: 'vetoing',
      outcome: null,
      veto_until: Date.now() + 10_000,
      created_at: Date.now(),
      reason: 'Asked for on the dashboard',
      message: 'Starts in 10 s unless cancelled.',
    });
    world.runs.unshift(run);
    return ok(run);
  }
  const [, overrideId] = /^\/api\/v1\/ai\/overrides\/([^/]+)/.exec(path) ?? [];
  const override = world.overrides.find((each) => each.id === overrideId);
  if (override) return ok(world.overrides.splice(world.overrides.indexOf(override), 1)[0]);
  const run = world.runs.find((each) => each.id === id);
  if (run && path.endsWith('/cancel'))
    return ok(Object.assign(run, { state: 'finished', outcome: 'cancelled', finished_at: Date.now() }));
  if (run && path.endsWith('/approve'))
    return ok(Object.assign(run, { state: 'running', started_at: Date.now() }));
  const incident = world.incidents.find((each) => each.id === id);
  if (incident && path.endsWith('/acknowledge'))
    return ok(Object.assign(incident, { acknowledged_by: 'device:dev_browser' }));
  return fail(404, 'not_found', `There is no ${path}.`);
}

const retrySteps = [
  'Ask GitHub to run the 1 failed job of attempt 1 again',
  'Wait for the next attempt to end',
  'Tell you whether it recovered',
];

const catalogue = [
  {
    id: 'restart_service',
    title: 'Restart',
    description: 'Ends a service with everything it started and starts it anew.',
    risk: 'disruptive',
    params: {
      properties: { force: { type: 'boolean', default: false, description: 'Also when it looks healthy.' } },
    },
    targets: ['service'],
    guarded: true,
    undoable: false,
    timeout_s: 120,
  },
  {
    id: 'switch_provider',
    title: 'Lead turns around a provider',
    description: 'Holds a failing provider back for a while and sends its turns to another one that works.',
    risk: 'reversible',
    params: {
      properties: {
        to: {
          type: 'string',
          description: '`provider/model` or `provider`. Absent: the first other one that works.',
        },
        for_s: { type: 'number', default: 900, description: 'How long; then it is tried again.' },
      },
    },
    targets: ['provider', 'service'],
    guarded: true,
    undoable: true,
    timeout_s: 30,
  },
];
