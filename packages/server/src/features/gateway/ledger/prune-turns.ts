import { setImmediate as breathe } from 'node:timers/promises';
import type { Store } from '../../../platform/store/store.ts';
import type { GatewayTables } from './tables.ts';

const batchSize = 1_000;

/** Deletes turns from before `before` (UTC ms) in short transactions. Ends after a batch when aborted. Returns how many. */
export async function pruneTurns(store: Store, before: number, signal?: AbortSignal): Promise<number> {
  let total = 0;
  for (;;) {
    const deleted = await store.transaction<GatewayTables, number>(async (trx) => {
      const result = await trx
        .deleteFrom('turn')
        .where('id', 'in', (from) =>
          from.selectFrom('turn').select('id').where('ts', '<', before).orderBy('ts').limit(batchSize),
        )
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    });
    total += deleted;
    if (deleted < batchSize || signal?.aborted) return total;
    await breathe();
  }
}
