import type { Kysely } from 'kysely';
import type { HealthSnapshot } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import { fromJson, toJson, type Store } from '../../../platform/store/index.ts';
import type { WatchdogTables } from '../tables.ts';

/** As often as the seed takes a snapshot. */
const everyMs = 40_000;
/** As many as the seed keeps. */
const kept = 500;

export interface HistoryDeps {
  store: Store;
  clock: Clock;
  log: Log;
  take: () => HealthSnapshot;
}

/** Snapshots of the fleet every 40 seconds, the last 500 of them, and the moment the recovery log was cleared. */
export function createHistory({ store, clock, log, take }: HistoryDeps) {
  const db: Kysely<WatchdogTables> = store.db<WatchdogTables>();
  let timer: NodeJS.Timeout | null = null;
  let lastAt: number | null = null;
  let startedMs = clock.monotonic();

  async function save(): Promise<void> {
    const snapshot = take();
    // What people page back by is the moment it shows, not one a millisecond before.
    const ts = Date.parse(snapshot.timestamp);
    lastAt = ts;
    startedMs = clock.monotonic();
    const data = toJson(snapshot);
    await db
      .insertInto('health_snapshot')
      .values({ ts, data })
      .onConflict((conflict) => conflict.column('ts').doUpdateSet({ data }))
      .execute();
    const oldest = await db
      .selectFrom('health_snapshot')
      .select('ts')
      .orderBy('ts', 'desc')
      .offset(kept)
      .limit(1)
      .executeTakeFirst();
    if (oldest) await db.deleteFrom('health_snapshot').where('ts', '<=', oldest.ts).execute();
  }

  return {
    everyMs,
    lastAt: () => lastAt,
    nextInMs: () => Math.max(0, everyMs - (clock.monotonic() - startedMs)),
    save,
    /** Oldest first, as the seed gives them; those before a moment when one is given. */
    async read(limit: number, before?: number): Promise<HealthSnapshot[]> {
      let query = db.selectFrom('health_snapshot').select('data');
      if (before !== undefined) query = query.where('ts', '<', before);
      const rows = await query.orderBy('ts', 'desc').limit(limit).execute();
      return rows.toReversed().map(({ data }) => fromJson<HealthSnapshot>(data));
    },
    /** What is older is not shown in the recovery log any more; the audit chain keeps it. */
    async clearedAt(): Promise<number> {
      const row = await db
        .selectFrom('watchdog_mark')
        .select('ts')
        .where('name', '=', 'recovery-log')
        .executeTakeFirst();
      return row?.ts ?? 0;
    },
    async clear(): Promise<void> {
      const ts = clock.now();
      await db
        .insertInto('watchdog_mark')
        .values({ name: 'recovery-log', ts })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ ts }))
        .execute();
    },
    start(): void {
      startedMs = clock.monotonic();
      timer ??= setInterval(() => {
        save().catch((thrown: unknown) => log.warn({ err: thrown }, 'A health snapshot could not be stored'));
      }, everyMs).unref();
    },
    stop(): void {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}

export type History = ReturnType<typeof createHistory>;
