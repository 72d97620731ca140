import type { Store } from '../../../platform/store/store.ts';
import { spanStarts } from '../core/budget.ts';
import type { GatewayTables } from './tables.ts';

/** What the ledger says was spent in the UTC day and month of `nowMs`. */
export async function readSpent(
  store: Store,
  nowMs: number,
): Promise<{ todayMicros: number; monthMicros: number }> {
  const { dayStart, monthStart } = spanStarts(nowMs);
  const since = async (start: number): Promise<number> => {
    const row = await store
      .db<GatewayTables>()
      .selectFrom('turn')
      .select((eb) => eb.fn.sum<number | string | null>('cost_micros').as('micros'))
      .where('ts', '>=', start)
      .executeTakeFirst();
    return Number(row?.micros ?? 0);
  };
  return { todayMicros: await since(dayStart), monthMicros: await since(monthStart) };
}
