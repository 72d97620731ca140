import type {
  Incident,
  Maintenance,
  PublicState,
  ServiceState,
  StatusPage,
  StatusPageConfig,
} from '@vigiles/contract';

/** What a page is made of. Only the services of the page are ever asked for. */
export interface PageSources {
  service: (name: string) => { title: string; state: ServiceState } | null;
  /** Looks by service and day (UTC, days since the epoch). */
  days: readonly { service: string; day: number; up: number; total: number }[];
  incidents: readonly Incident[];
  maintenance: readonly Maintenance[];
}

const publicStates: Record<ServiceState, PublicState> = {
  UP: 'operational',
  SUSPECT: 'operational',
  DOWN: 'down',
  RECOVERING: 'recovering',
  UNKNOWN: 'unknown',
  MAINTENANCE: 'maintenance',
  // Stopped on purpose: for those outside it is not there, and nobody says why.
  STOPPED_BY_USER: 'maintenance',
};

const gravity: readonly PublicState[] = ['down', 'recovering', 'maintenance', 'unknown'];
const worst = (states: readonly PublicState[]): PublicState =>
  gravity.find((state) => states.includes(state)) ?? (states.length === 0 ? 'unknown' : 'operational');

const dayMs = 86_400_000;
const share = (up: number, total: number) => (total === 0 ? null : up / total);

/** Names on the page, each once. */
export const namesOf = (config: StatusPageConfig): string[] => [
  ...new Set(config.groups.flatMap(({ services }) => services)),
];

/**
 * The public page: titles, states and times. Nothing of checks, hosts, ports, reasons, errors or log lines is even
 * looked at here, so that none of it can leak.
 */
export function pageOf(config: StatusPageConfig, sources: PageSources, now: number): StatusPage {
  const today = Math.floor(now / dayMs);
  const firstDay = today - config.days + 1;
  const names = new Set(namesOf(config));
  const titleOf = (name: string) => sources.service(name)?.title ?? name;

  const serviceOf = (name: string) => {
    const known = sources.service(name);
    const own = sources.days.filter(({ service, day }) => service === name && day >= firstDay);
    const byDay = new Map(own.map(({ day, up, total }) => [day, share(up, total)]));
    const sum = (key: 'up' | 'total') => own.reduce((total, row) => total + row[key], 0);
    return {
      title: titleOf(name),
      state: known ? publicStates[known.state] : ('unknown' as const),
      uptime: share(sum('up'), sum('total')),
      days: Array.from({ length: config.days }, (_, at) => ({
        day: new Date((firstDay + at) * dayMs).toISOString().slice(0, 10),
        uptime: byDay.get(firstDay + at) ?? null,
      })),
    };
  };

  const groups = config.groups.map(({ title, services }) => ({ title, services: services.map(serviceOf) }));
  const since = now - config.incident_days * dayMs;
  const incidents = sources.incidents
    .filter(
      ({ service, severity, opened_at, closed_at }) =>
        names.has(service) && severity === 'critical' && (closed_at ?? now) >= since && opened_at <= now,
    )
    .map(({ service, opened_at, closed_at }) => ({
      services: [titleOf(service)],
      began_at: opened_at,
      ended_at: closed_at,
    }));
  const maintenance = sources.maintenance.flatMap(({ services, from, to, open }) => {
    const shown = [...names].filter((name) => concerns(services, name));
    return shown.length === 0 ? [] : [{ services: shown.map(titleOf), from, to, open }];
  });
  return {
    title: config.title,
    description: config.description,
    state: worst(groups.flatMap(({ services }) => services.map(({ state }) => state))),
    updated_at: now,
    groups,
    incidents: config.incident_days === 0 ? [] : incidents,
    maintenance,
  };
}

const concerns = (services: readonly string[], name: string): boolean =>
  services.length === 0 ||
  services.some((wanted) => (wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : wanted === name));
