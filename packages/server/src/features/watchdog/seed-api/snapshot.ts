import type { HealthRow, HealthSnapshot, HealthWord, ServiceState } from '@vigiles/contract';
import type { Beats } from '../beats/beats.ts';
import { definitionOf } from '../checks/look.ts';
import type { WatchedService } from '../watched-service.ts';

const words: Record<ServiceState, HealthWord> = {
  UP: 'healthy',
  SUSPECT: 'healthy',
  DOWN: 'unhealthy',
  RECOVERING: 'recovering',
  UNKNOWN: 'unknown',
  MAINTENANCE: 'maintenance',
  STOPPED_BY_USER: 'stopped',
};

/** The worst first: what the whole is, when one of its parts is that. */
const gravity: readonly HealthWord[] = ['unhealthy', 'recovering', 'unknown'];

const round = (value: number, digits: number) => Number(value.toFixed(digits));

function rowOf(service: WatchedService, beats: Beats): HealthRow {
  const { state } = service.memory();
  const share = beats.uptime(service.name);
  const [first] = service.checks();
  return {
    name: service.name,
    port: service.config().port ?? null,
    endpoint: first ? definitionOf(first.config).target(first.config) : null,
    status: words[state],
    // Nothing is made up: what was never measured is null.
    uptime: share === null ? null : round(share * 100, 2),
    latency_ms: beats.last(service.name)?.latency_ms ?? null,
    state,
  };
}

/** How everything is now, in the seed’s words: `system`, `services` and `timestamp`. */
export function takeSnapshot(services: Iterable<WatchedService>, beats: Beats, now: number): HealthSnapshot {
  const rows = [...services].map((service) => rowOf(service, beats));
  const count = (...wanted: HealthWord[]) => rows.filter(({ status }) => wanted.includes(status)).length;
  const status = gravity.find((word) => count(word) > 0) ?? 'healthy';
  const timestamp = new Date(now).toISOString();
  const counts = { up: count('healthy'), down: count('unhealthy', 'recovering'), unknown: count('unknown') };
  return {
    status,
    system: { status, timestamp, total: rows.length, ...counts },
    services: rows,
    timestamp,
  };
}
