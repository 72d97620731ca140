import type { ActionRun, EventType, ProviderOverride, Status, Turn, VigilesEvent } from '@vigiles/contract';
import { makeAdaptations, makeConfig } from './make-gateway.ts';
import { makeCiRuns, makeFlaky, makeGithubHealth, makePatterns } from './make-ci.ts';
import { makeIncidents, makeRun, makeSessionIncident } from './make-incidents.ts';
import { makeServices } from './make-services.ts';
import { makeLive, makeTurn } from './make-turns.ts';
import { createRandom } from './random.ts';

/** Everything the stand-in knows. `empty` is a first start: nothing watched, nothing happened. */
export function makeWorld(options: { services: number; empty: boolean }) {
  const random = createRandom(7);
  const now = Date.now();
  const startedAt = now - 16_000_000;
  const services = options.empty ? [] : makeServices(random, options.services, now);
  const incidents = options.empty
    ? []
    : makeIncidents(random, 40, now).toSpliced(2, 0, makeSessionIncident('ses_parser', now));
  const turns: Turn[] = options.empty
    ? []
    : Array.from({ length: 700 }, (_, i) =>
        makeTurn(random, 700 - i, now - (i * 150 + random.between(30, 150)) * 1000),
      );
  const config = makeConfig(options.empty);
  const adaptations = options.empty ? [] : makeAdaptations(now);
  const ci = {
    runs: options.empty ? [] : makeCiRuns(random, 260, now),
    patterns: options.empty ? [] : makePatterns(random, now),
    flaky: options.empty ? [] : makeFlaky(now),
    health: makeGithubHealth(options.empty, now),
  };
  const live = options.empty ? [] : Array.from({ length: 9 }, (_, i) => makeLive(random, i, now));
  const runs: ActionRun[] = options.empty
    ? []
    : [
        makeRun('run_1', {
          state: 'vetoing',
          outcome: null,
          veto_until: now + 45_000,
          created_at: now - 6_000,
          incident_id: 'inc_03',
        }),
        makeRun('run_2', {
          action: 'kill_stale_processes',
          target: 'mcp-browser',
          state: 'awaiting_approval',
          risk: 'destructive',
          outcome: null,
          created_at: now - 50_000,
          reason: 'Two older copies hold its port.',
          incident_id: 'inc_05',
        }),
        makeRun('run_3', {
          target: 'mcp-browser',
          incident_id: 'inc_05',
          outcome: 'not_fixed',
          created_at: now - 80_000,
          started_at: now - 80_000,
          finished_at: now - 70_000,
          message: 'It exited again after 4 s with code 1.',
        }),
      ];
  const overrides: ProviderOverride[] = options.empty
    ? []
    : [
        {
          id: 'ovr_1',
          provider: 'anthropic',
          hold: true,
          detour_to: 'ollama/qwen3-coder:30b',
          idle_timeout_s: null,
          connect_timeout_s: null,
          until: now + 840_000,
          reason: 'run_9: overloaded, 3 in a row',
          actor: 'watchdog',
          created_at: now - 60_000,
        },
      ];
  const events: VigilesEvent[] = [];
  let seq = options.empty ? 0 : 480;
  const append = (type: EventType, subject: string, data: unknown, ts = Date.now()): VigilesEvent => {
    const event = {
      seq: ++seq,
      id: `evt_${seq}`,
      type,
      ts,
      actor: 'watchdog',
      subject,
      data,
    } as VigilesEvent;
    events.push(event);
    return event;
  };
  if (!options.empty) {
    for (const turn of turns.slice(0, 12).toReversed()) append('turn.settled', turn.id, { turn }, turn.ts);
    append('config.reloaded', 'config', { changed: ['budgets.daily_usd'], actor: 'file' }, now - 140_000);
    append(
      'service.state_changed',
      'mcp-browser',
      { service: 'mcp-browser', from: 'UP', to: 'DOWN', reason: 'connection refused', pid: null },
      now - 92_000,
    );
    append('incident.opened', 'inc_05', { incident: incidents[0] }, now - 90_000);
    append('action.finished', 'run_3', { run: runs[2] }, now - 70_000);
    append(
      'service.state_changed',
      'ollama',
      { service: 'ollama', from: 'DOWN', to: 'RECOVERING', reason: 'restarted', pid: 4021 },
      now - 14_000,
    );
    append('action.requested', 'run_1', { run: runs[0] }, now - 6_000);
  }
  const status = (): Status => ({
    server: {
      name: 'vigiles',
      version: '0.1.0',
      pid: 4100,
      host: '127.0.0.1',
      port: 8765,
      debug: false,
      started_at: startedAt,
      uptime_s: (Date.now() - startedAt) / 1000,
      memory_mb: 96,
    },
    device_id: 'dev_browser',
    session: { request_count: 12, ok_cost_today: 0 },
    rate_limits: {},
    limits_config: {},
    budgets: {
      daily_usd: 25,
      monthly_usd: options.empty ? null : 400,
      spent_today_micros: options.empty ? 0 : 21_420_000,
      spent_month_micros: options.empty ? 0 : 187_300_000,
      unpriced_today: options.empty ? 0 : 38,
    },
    services: { total: services.length, up: 0, down: 0, unknown: 0 },
    incidents: { open: 2, needs_person: 1, last_24h: 5 },
    gateway: { enabled: true, url: 'http://127.0.0.1:8766', state: 'UP', pid: 4388 },
    store: { dialect: 'sqlite', quarantined: null },
    config: { path: 'vigiles.yaml', loaded_at: now, problems: [] },
    events: { head_seq: seq, subscribers: 1 },
  });
  return {
    random,
    startedAt,
    services,
    incidents,
    ci,
    turns,
    config,
    adaptations,
    live,
    runs,
    overrides,
    events,
    append,
    status,
    head: () => seq,
  };
}
export type World = ReturnType<typeof makeWorld>;
