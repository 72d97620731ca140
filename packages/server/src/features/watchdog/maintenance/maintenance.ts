import type { Maintenance, MaintenanceRequest, WatchdogConfig } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import { failed, fault, ok, type Result } from '../../../kernel/fault.ts';
import type { NewId } from '../../../kernel/ids.ts';
import { createMaintenanceBook } from './book.ts';
import type { MaintenanceStore, SetMaintenance } from './store.ts';

/** More at a time than anybody can mean. */
const maxSet = 500;

export interface MaintenanceDeps {
  store: MaintenanceStore;
  clock: Clock;
  newId: NewId;
  config: WatchdogConfig;
  /** Names of the services there are. */
  names: () => ReadonlySet<string>;
  /** Windows have changed: services are told at once, not with the next look. */
  changed: () => void;
}

/** Maintenance as people set and end it, beside what the configuration plans. */
export function createMaintenance({ store, clock, newId, config, names, changed }: MaintenanceDeps) {
  const book = createMaintenanceBook(config);
  let version = 0;
  const take = (next: readonly SetMaintenance[]) => {
    version += 1;
    book.replace(next);
    changed();
  };
  const current = () => book.set().filter(({ to }) => to > clock.now());

  return {
    windowsOf: book.windowsOf,
    list: (): Maintenance[] => book.list(clock.now()),
    reload(next: WatchdogConfig): void {
      book.reload(next);
      changed();
    },
    async load(): Promise<void> {
      book.replace(await store.current(clock.now()));
    },
    /** What people have set or ended at another control on the same database holds here too. */
    async follow(): Promise<void> {
      const before = version;
      const next = await store.current(clock.now());
      const ids = (sets: readonly SetMaintenance[]) =>
        sets
          .map(({ id }) => id)
          .toSorted()
          .join();
      // Set or ended here meanwhile: what was read is old.
      if (before === version && ids(next) !== ids(current())) take(next);
    },

    /** Begins now. */
    async begin(request: MaintenanceRequest, actor: string): Promise<Result<Maintenance>> {
      const unknown = request.services.find((name) => !names().has(name));
      if (unknown !== undefined)
        return failed(fault('not-found', 'unknown_service', `There is no service “${unknown}”.`));
      const from = clock.now();
      const to = request.until ?? from + (request.minutes ?? 0) * 60_000;
      if (to <= from) return failed(fault('invalid', 'window_over', 'That moment is over already.'));
      if (current().length >= maxSet)
        return failed(fault('conflict', 'too_many_windows', `${maxSet} windows are open already.`));
      const { services, reason } = request;
      const set: SetMaintenance = { id: newId('mnt'), services, from, to, reason, actor };
      await store.add(set);
      take([...current(), set]);
      return ok({ ...set, source: 'person', open: true });
    },

    /** Ends one that a person has set. */
    async end(id: string, actor: string): Promise<Result<Maintenance>> {
      const set = current().find((one) => one.id === id);
      if (!set) {
        const message = 'It is over, or it stands in the configuration and ends there.';
        return failed(fault('not-found', 'unknown_maintenance', message));
      }
      const now = clock.now();
      await store.end(set, now, actor);
      take(current().filter((one) => one.id !== id));
      return ok({ ...set, source: 'person', to: now, open: false });
    },
  };
}

export type MaintenanceKeeper = ReturnType<typeof createMaintenance>;
