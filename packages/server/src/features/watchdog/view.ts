import type { Prediction, Service } from '@vigiles/contract';
import type { Actions } from '../actions/index.ts';
import type { Beats } from './beats/beats.ts';
import { definitionOf } from './checks/look.ts';
import type { Incidents } from './incidents/incidents.ts';
import type { WatchedService } from './watched-service.ts';

export interface ViewDeps {
  actions: Actions;
  beats: Beats;
  incidents: Incidents;
  /** What is foreseen of a target. */
  predictions(target: string): Prediction[];
}

const buttons = ['start_service', 'stop_service', 'restart_service'];

function kindOf(service: WatchedService): Service['kind'] {
  if (service.supervisor) return service.supervisor.current()?.adopted ? 'adopted' : 'supervised';
  return service.config().pid_file === undefined ? 'watched' : 'adopted';
}

/** A service as people see it. `bar` is how many of its last looks go along. */
export function viewOf(service: WatchedService, deps: ViewDeps, bar = 90): Service {
  const { actions, beats, incidents, predictions } = deps;
  const { name } = service;
  const config = service.config();
  const { state, since, reason, instance } = service.memory();
  const identity = service.identity();
  const info = identity ? service.info() : null;
  const { p50, p99 } = beats.latency(name);
  return {
    name,
    title: config.title ?? name,
    kind: kindOf(service),
    state,
    since,
    reason,
    version: instance === null ? null : (service.hooks.version?.() ?? null),
    port: config.port ?? null,
    pid: identity?.pid ?? null,
    uptime_s: info ? Math.round(info.uptimeMs / 1000) : null,
    memory_mb: info ? Math.round(info.rssBytes / 104857.6) / 10 : null,
    checks: service.checks().map(({ id, config: check }) => ({
      id,
      type: check.type,
      title: definitionOf(check).title,
      target: definitionOf(check).target(check),
      interval_s: check.interval_s,
      seen: service.seen(id),
    })),
    depends_on: config.depends_on,
    beats: bar === 0 ? [] : beats.bar(name).slice(-bar),
    p50_ms: p50,
    p99_ms: p99,
    uptime_24h: beats.uptime(name),
    ...beats.longUptime(name),
    predictions: predictions(name),
    restarts_in_window: actions.restartsInWindow(name),
    open_incident_id: incidents.of(name)?.incident.id ?? null,
    actions: service.supervisor ? actions.offered(name, buttons) : [],
  };
}
