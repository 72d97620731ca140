import type { Maintenance, MaintenanceConfig, WatchdogConfig } from '@vigiles/contract';
import type { Policy } from '../core/memory.ts';
import { occurrencesOf, type Occurrences, type Span } from './occurrences.ts';
import { asResource, type SetMaintenance } from './store.ts';

type Windows = Policy['maintenance'];

interface Rule {
  source: Maintenance['source'];
  /** Names and patterns; empty: every service. */
  services: readonly string[];
  reason: string;
  span(now: number): Span | null;
}

const nothing: Windows = [];

const matches = (services: readonly string[], name: string): boolean =>
  services.length === 0 ||
  services.some((wanted) => (wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : wanted === name));

/** Works a span out once for all who ask, until it is over or the clock was set back. */
function remembering(occurrences: Occurrences): Occurrences {
  let known: Span | null = null;
  let askedAt = Number.POSITIVE_INFINITY;
  return (now) => {
    if (now < askedAt || (known !== null && now >= known.to)) {
      known = occurrences(now);
      askedAt = now;
    }
    return known;
  };
}

function ruleOf(config: MaintenanceConfig, source: Rule['source'], services: readonly string[]): Rule {
  return { source, services, reason: config.reason, span: remembering(occurrencesOf(config)) };
}

/** Which services are in maintenance when: by the configuration, and by what people have set. */
export function createMaintenanceBook(config: WatchdogConfig) {
  let configured: Rule[] = [];
  let set: SetMaintenance[] = [];
  const cache = new Map<string, { windows: Windows; from: number; until: number }>();

  function read(next: WatchdogConfig): void {
    cache.clear();
    configured = [
      ...next.maintenance.map((window) => ruleOf(window, 'fleet', window.services)),
      ...next.services.flatMap(({ name, maintenance }) =>
        maintenance.map((window) => ruleOf(window, 'service', [name])),
      ),
    ];
  }
  read(config);

  return {
    reload: read,
    /** What people have set, all of it. */
    replace(next: readonly SetMaintenance[]): void {
      set = [...next];
      cache.clear();
    },
    set: (): readonly SetMaintenance[] => set,

    /** The windows of a service that are open or come next, as the same array until one is over. */
    windowsOf(name: string, now: number): Windows {
      if (configured.length === 0 && set.length === 0) return nothing;
      const known = cache.get(name);
      if (known && now >= known.from && now < known.until) return known.windows;
      const own = [
        ...configured.flatMap((rule) => {
          if (!matches(rule.services, name)) return [];
          const span = rule.span(now);
          return span ? [{ ...span, reason: rule.reason }] : [];
        }),
        ...set.flatMap(({ services, from, to, reason }) =>
          to > now && matches(services, name) ? [{ from, to, reason }] : [],
        ),
      ];
      const windows = own.length === 0 ? nothing : own;
      const until = Math.min(...own.map(({ to }) => to));
      cache.set(name, { windows, from: now, until });
      return windows;
    },

    /** Open ones and, of the configuration, those that come next; soonest first. */
    list(now: number): Maintenance[] {
      const planned = configured.flatMap(({ source, services, reason, span }) => {
        const next = span(now);
        if (!next) return [];
        const open = next.from <= now;
        return [{ id: null, source, services: [...services], ...next, reason, actor: null, open }];
      });
      const people = set.filter(({ to }) => to > now).map((one) => asResource(one, now));
      return [...people, ...planned].toSorted((a, b) => a.from - b.from);
    },
  };
}

export type MaintenanceBook = ReturnType<typeof createMaintenanceBook>;
