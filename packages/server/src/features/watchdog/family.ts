import type { ServiceState } from '@vigiles/contract';
import type { WatchedService } from './watched-service.ts';

/** A parent in one of these explains why its children fail. */
const troubled = new Set<ServiceState>(['SUSPECT', 'DOWN', 'RECOVERING']);

/** Who depends on whom, by name. */
export function createFamily(services: ReadonlyMap<string, WatchedService>) {
  const parentsOf = (service: WatchedService): WatchedService[] =>
    service.config().depends_on.flatMap((name) => services.get(name) ?? []);

  /** Tells a service whether a parent of it is in trouble now. */
  function tell(service: WatchedService): void {
    const parent = parentsOf(service).find(({ memory }) => troubled.has(memory().state));
    const known = service.memory().parentDown;
    if (parent && known !== parent.name) service.observe({ kind: 'parent_down', parent: parent.name });
    else if (!parent && known !== null) service.observe({ kind: 'parent_up' });
  }

  return {
    /** A parent changed: its children hear of it. */
    changed(parent: WatchedService): void {
      for (const service of services.values()) {
        if (service.config().depends_on.includes(parent.name)) tell(service);
      }
    },
    hasParents: (service: WatchedService): boolean => parentsOf(service).length > 0,
    /** Looks at the parents now: a child often notices first what is its parent's fault. */
    async askParents(service: WatchedService): Promise<void> {
      await Promise.all(parentsOf(service).map((parent) => parent.lookNow()));
      tell(service);
    },
  };
}
