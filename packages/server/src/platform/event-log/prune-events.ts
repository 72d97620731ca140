import { setImmediate as breathe } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../store/store.ts';
import type { PruneLimits } from './event-log.ts';
import { headSeq } from './read-events.ts';
import type { EventLogTables } from './tables.ts';

const batchSize = 1_000;

/** Deletes old events in short transactions, so that nobody waits long for the write lock. Returns how many. */
export async function pruneEvents(
  store: Store,
  db: Kysely<EventLogTables>,
  clock: Clock,
  { olderThanMs, keep, signal }: PruneLimits,
): Promise<number> {
  const before = clock.now() - olderThanMs;
  const lastSeq = (await headSeq(db)) - keep;
  let total = 0;
  for (;;) {
    const deleted = await store.transaction<EventLogTables, number>(async (trx) => {
      const result = await trx
        .deleteFrom('event')
        .where('seq', 'in', (from) =>
          from
            .selectFrom('event')
            .select('seq')
            .where('seq', '<=', lastSeq)
            .where('ts', '<', before)
            .orderBy('seq')
            .limit(batchSize),
        )
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    });
    total += deleted;
    if (deleted < batchSize || signal?.aborted) return total;
    await breathe();
  }
}
