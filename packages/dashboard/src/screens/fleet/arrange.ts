import type { Service, ServiceState } from '@vigiles/contract';

export type FleetSort = 'state' | 'name' | 'p50' | 'p99' | 'uptime' | 'memory';

/** Everything that decides which rows are seen; it lives in the URL. `-` before a sort turns it around. */
export interface FleetView {
  q?: string | undefined;
  state?: string | undefined;
  sort?: string | undefined;
}

/** What asks for attention first. UNKNOWN comes before UP: not knowing is worth a look, but is not down. */
const urgency: Record<ServiceState, number> = {
  DOWN: 0,
  RECOVERING: 1,
  SUSPECT: 2,
  UNKNOWN: 3,
  MAINTENANCE: 4,
  STOPPED_BY_USER: 5,
  UP: 6,
};

const value: Record<FleetSort, (service: Service) => number | string | null> = {
  state: (service) => urgency[service.state],
  name: (service) => service.title.toLowerCase(),
  p50: (service) => service.p50_ms,
  p99: (service) => service.p99_ms,
  uptime: (service) => service.uptime_24h,
  memory: (service) => service.memory_mb,
};

/** `-p99` → p99, descending. Anything unknown is the default: most urgent first. */
export function parseSort(text: string | undefined): { key: FleetSort; descending: boolean } {
  const descending = text?.startsWith('-') ?? false;
  const key = (descending ? text?.slice(1) : text) ?? 'state';
  return Object.hasOwn(value, key)
    ? { key: key as FleetSort, descending }
    : { key: 'state', descending: false };
}

/** The sort after a click on a column: ascending, then descending, then the default. */
export function nextSort(current: string | undefined, key: FleetSort): string | undefined {
  const now = parseSort(current);
  if (now.key !== key || current === undefined) return key;
  return now.descending ? undefined : `-${key}`;
}

/** Filters and sorts. Unknown values stay last in both directions; equal rows keep the order of their names. */
export function arrange(services: readonly Service[], view: FleetView): Service[] {
  const q = view.q?.trim().toLowerCase();
  const { key, descending } = parseSort(view.sort);
  const read = value[key];
  const kept = services.filter(
    (service) =>
      (!view.state || service.state === view.state) &&
      (!q ||
        service.name.toLowerCase().includes(q) ||
        service.title.toLowerCase().includes(q) ||
        String(service.port ?? '') === q ||
        String(service.pid ?? '') === q),
  );
  return kept.sort((a, b) => {
    const x = read(a);
    const y = read(b);
    if (x === null || y === null) return x === y ? a.name.localeCompare(b.name) : x === null ? 1 : -1;
    const order = x < y ? -1 : x > y ? 1 : 0;
    return (descending ? -order : order) || a.name.localeCompare(b.name);
  });
}

/** How many services are in each state. */
export function countStates(services: readonly Service[]): Partial<Record<ServiceState, number>> {
  const counts: Partial<Record<ServiceState, number>> = {};
  for (const { state } of services) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
