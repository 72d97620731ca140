import type { Store } from '../../../platform/store/store.ts';
import type { GatewayTables } from '../ledger/tables.ts';

/** Forgets what turns before `before` (UTC ms) said, also where nothing new is kept any more. Returns how many. */
export async function pruneContents(store: Store, before: number): Promise<number> {
  return store.transaction<GatewayTables, number>(async (trx) => {
    const gone = await trx.deleteFrom('turn_content').where('ts', '<', before).executeTakeFirst();
    return Number(gone.numDeletedRows);
  });
}
