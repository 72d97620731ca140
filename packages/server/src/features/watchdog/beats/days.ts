import type { Kysely } from 'kysely';
import type { ServiceState } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Store } from '../../../platform/store/index.ts';
import type { WatchdogTables } from '../tables.ts';
import { countsForUptime, foundUp } from './uptime.ts';

export const wholeDayMs = 86_400_000;
const flushMs = 60_000;
const rowsPerInsert = 200;
/** As long as a status page can ask for. */
const keptDays = 366;

interface Count {
  service: string;
  day: number;
  up: number;
  total: number;
}

export const dayOf = (ts: number): number => Math.floor(ts / wholeDayMs);

/** Looks per service and day (UTC), for years: a row a day instead of a row a look. */
export function createUptimeDays({ store, clock, log }: { store: Store; clock: Clock; log: Log }) {
  const db: Kysely<WatchdogTables> = store.db<WatchdogTables>();
  let fresh = new Map<string, Count>();
  let timer: NodeJS.Timeout | null = null;
  let prunedDay = 0;
  let flushing: Promise<void> = Promise.resolve();

  async function write(rows: readonly Count[]): Promise<void> {
    await store.transaction<WatchdogTables, void>(async (trx) => {
      for (let at = 0; at < rows.length; at += rowsPerInsert) {
        await trx
          .insertInto('uptime_day')
          .values(rows.slice(at, at + rowsPerInsert))
          .onConflict((conflict) =>
            conflict.columns(['service', 'day']).doUpdateSet(({ eb, ref }) => ({
              up: eb('uptime_day.up', '+', ref('excluded.up')),
              total: eb('uptime_day.total', '+', ref('excluded.total')),
            })),
          )
          .execute();
      }
      const today = dayOf(clock.now());
      if (prunedDay === today) return;
      await trx
        .deleteFrom('uptime_day')
        .where('day', '<', today - keptDays)
        .execute();
      prunedDay = today;
    });
  }

  const merge = (counts: Iterable<Count>) => {
    for (const count of counts) {
      const key = `${count.day} ${count.service}`;
      const known = fresh.get(key);
      if (!known) fresh.set(key, count);
      else {
        known.up += count.up;
        known.total += count.total;
      }
    }
  };

  async function writeFresh(): Promise<void> {
    const rows = [...fresh.values()];
    fresh = new Map();
    if (rows.length === 0) return;
    try {
      await write(rows);
    } catch (thrown) {
      // At most one entry a service and day, however long the store is away.
      merge(rows);
      log.warn({ err: thrown }, 'Uptime by day could not be stored; trying again');
    }
  }

  /** One after the other: when it resolves, what was counted before is stored, or cannot be yet. */
  function flush(): Promise<void> {
    flushing = flushing.then(writeFresh);
    return flushing;
  }

  return {
    add(service: string, ts: number, state: ServiceState): void {
      if (!countsForUptime(state)) return;
      merge([{ service, day: dayOf(ts), up: foundUp(state) ? 1 : 0, total: 1 }]);
    },
    /** Counts from a day on, what is not stored yet included. */
    async read(services: readonly string[], sinceDay: number): Promise<Count[]> {
      if (services.length === 0) return [];
      await flush();
      return db
        .selectFrom('uptime_day')
        .selectAll()
        .where('service', 'in', services)
        .where('day', '>=', sinceDay)
        .execute();
    },
    start(): void {
      timer ??= setInterval(() => void flush(), flushMs).unref();
    },
    async stop(): Promise<void> {
      if (timer) clearInterval(timer);
      timer = null;
      await flush();
    },
  };
}

export type UptimeDays = ReturnType<typeof createUptimeDays>;
