import type { RouteDecision, Turn } from '@vigiles/contract';
import type { Store } from '../../../platform/store/store.ts';
import { spansAt } from '../core/budget/spans.ts';
import { readSpent } from '../ledger/spent.ts';
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
  /** How a turn was routed; null where its row says it all. */
  decision(id: string): Promise<RouteDecision | null>;
  spending(
    nowMs: number,
    timeZone: string,
  ): Promise<{ todayMicros: number; monthMicros: number; unpricedToday: number }>;
  usageToday(nowMs: number, timeZone: string): Promise<ReadonlyMap<string, DeviceUse>>;
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
    async decision(id) {
      const row = await db.selectFrom('turn').select('decision').where('id', '=', id).executeTakeFirst();
      return row?.decision ? (JSON.parse(row.decision) as RouteDecision) : null;
    },
    async spending(nowMs, timeZone) {
      const [spent, unpriced] = await Promise.all([
        readSpent(store, nowMs, timeZone),
        db
          .selectFrom('usage_hour')
          .select((eb) => eb.fn.sum<number | string | null>('unpriced_turns').as('turns'))
          .where('hour', '>=', spansAt(nowMs, timeZone).day.startsAt)
          .executeTakeFirst(),
      ]);
      const whole = spent.find(({ scope }) => scope === 'whole');
      return {
        todayMicros: whole?.todayMicros ?? 0,
        monthMicros: whole?.monthMicros ?? 0,
        unpricedToday: Number(unpriced?.turns ?? 0),
      };
    },
    async usageToday(nowMs, timeZone) {
      const rows = await db
        .selectFrom('usage_hour')
        .select((eb) => [
          'device_id',
          eb.fn.sum<number | string>('turns').as('requests'),
          eb.fn.sum<number | string>('cost_micros').as('micros'),
        ])
        .where('hour', '>=', spansAt(nowMs, timeZone).day.startsAt)
        .groupBy('device_id')
        .execute();
      return new Map(
        rows.map((row) => [
          row.device_id,
          { requests: Number(row.requests), cost_micros: Number(row.micros) },
        ]),
      );
    },
  };
}
