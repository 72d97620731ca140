import type { Turn } from '@vigiles/contract';
import type { Store } from '../../../platform/store/store.ts';
import { spanStarts } from '../core/budget.ts';
import type { GatewayTables } from '../ledger/tables.ts';
import { fromRow } from '../ledger/write-turns.ts';

export interface TurnFilter {
  /** Turns older than this one. */
  before?: string | undefined;
  limit: number;
  model?: string | undefined;
  provider?: string | undefined;
  outcome?: string | undefined;
  device_id?: string | undefined;
}

export interface DeviceUse {
  requests: number;
  cost_micros: number;
}

/** Reads the ledger for control. */
export interface TurnStore {
  /** Newest first. Ids sort by time, so an id is the cursor. */
  page(filter: TurnFilter): Promise<Turn[]>;
  find(id: string): Promise<Turn | undefined>;
  spending(nowMs: number): Promise<{ todayMicros: number; monthMicros: number; unpricedToday: number }>;
  usageToday(nowMs: number): Promise<ReadonlyMap<string, DeviceUse>>;
}

const FILTERS = ['model', 'provider', 'outcome', 'device_id'] as const;

export function createTurnStore(store: Store): TurnStore {
  const db = store.db<GatewayTables>();
  return {
    async page(filter) {
      let query = db.selectFrom('turn').selectAll().orderBy('id', 'desc').limit(filter.limit);
      if (filter.before !== undefined) query = query.where('id', '<', filter.before);
      for (const name of FILTERS) {
        const wanted = filter[name];
        if (wanted !== undefined) query = query.where(name, '=', wanted);
      }
      return (await query.execute()).map(fromRow);
    },
    async find(id) {
      const row = await db.selectFrom('turn').selectAll().where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    async spending(nowMs) {
      const { dayStart, monthStart } = spanStarts(nowMs);
      const [month, today, unpriced] = await Promise.all([
        sumSince(monthStart),
        sumSince(dayStart),
        db
          .selectFrom('turn')
          .select((eb) => eb.fn.countAll<number | string>().as('turns'))
          .where('ts', '>=', dayStart)
          .where('cost_micros', 'is', null)
          .executeTakeFirst(),
      ]);
      return { todayMicros: today, monthMicros: month, unpricedToday: Number(unpriced?.turns ?? 0) };
    },
    async usageToday(nowMs) {
      const rows = await db
        .selectFrom('turn')
        .select((eb) => [
          'device_id',
          eb.fn.countAll<number | string>().as('requests'),
          eb.fn.sum<number | string | null>('cost_micros').as('micros'),
        ])
        .where('ts', '>=', spanStarts(nowMs).dayStart)
        .groupBy('device_id')
        .execute();
      return new Map(
        rows.map((row) => [
          row.device_id,
          { requests: Number(row.requests), cost_micros: Number(row.micros ?? 0) },
        ]),
      );
    },
  };

  async function sumSince(start: number): Promise<number> {
    const row = await db
      .selectFrom('turn')
      .select((eb) => eb.fn.sum<number | string | null>('cost_micros').as('micros'))
      .where('ts', '>=', start)
      .executeTakeFirst();
    return Number(row?.micros ?? 0);
  }
}
