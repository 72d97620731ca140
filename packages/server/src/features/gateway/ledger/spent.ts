import { sql } from 'kysely';
import type { Store } from '../../../platform/store/store.ts';
import type { BudgetScope, SpentOn } from '../core/budget/budget-rules.ts';
import { spansAt } from '../core/budget/spans.ts';
import { HOUR_MS } from './roll-up.ts';

/**
 * What the ledger says was counted in the running day and month, by account. Sums by hour, and single turns only for
 * the part of an hour where a day of another time zone begins in its midst.
 */
export async function readSpent(store: Store, nowMs: number, timeZone = 'UTC'): Promise<SpentOn[]> {
  const { day, month } = spansAt(nowMs, timeZone);
  const dayHour = nextHour(day.startsAt);
  const monthHour = nextHour(month.startsAt);
  const sums = new Sums();
  const db = store.db<unknown>();

  const hours = sql<Row>`
    select device_id, provider, workspace, sum(counted_micros) as month_micros,
      sum(case when hour >= ${dayHour} then counted_micros else 0 end) as day_micros
    from usage_hour where hour >= ${monthHour} group by device_id, provider, workspace`;
  for (const row of (await hours.execute(db)).rows) sums.add(row, row.day_micros, row.month_micros);

  const within = async (from: number, to: number): Promise<Row[]> => {
    if (from === to) return [];
    const turns = sql<Row>`
      select device_id, provider, coalesce(workspace, '') as workspace, sum(counted_micros) as month_micros,
        sum(counted_micros) as day_micros
      from turn where ts >= ${from} and ts < ${to} group by device_id, provider, coalesce(workspace, '')`;
    return (await turns.execute(db)).rows;
  };
  const firstOfMonth = day.startsAt === month.startsAt;
  for (const row of await within(month.startsAt, monthHour))
    sums.add(row, firstOfMonth ? row.day_micros : 0, row.month_micros);
  if (!firstOfMonth) for (const row of await within(day.startsAt, dayHour)) sums.add(row, row.day_micros, 0);
  return sums.all();
}

interface Row {
  device_id: string;
  provider: string;
  workspace: string;
  /** PostgreSQL sums bigints into texts. */
  day_micros: number | string;
  month_micros: number | string;
}

class Sums {
  readonly #accounts = new Map<string, SpentOn>([
    ['whole', { scope: 'whole', name: '', todayMicros: 0, monthMicros: 0 }],
  ]);

  add(row: Row, day: number | string, month: number | string): void {
    this.#count('whole', '', Number(day), Number(month));
    this.#count('device', row.device_id, Number(day), Number(month));
    this.#count('provider', row.provider, Number(day), Number(month));
    if (row.workspace !== '') this.#count('workspace', row.workspace, Number(day), Number(month));
  }

  all(): SpentOn[] {
    return [...this.#accounts.values()];
  }

  #count(scope: BudgetScope, name: string, day: number, month: number): void {
    const key = scope === 'whole' ? 'whole' : `${scope} ${name}`;
    const account = this.#accounts.get(key) ?? { scope, name, todayMicros: 0, monthMicros: 0 };
    account.todayMicros += day;
    account.monthMicros += month;
    this.#accounts.set(key, account);
  }
}

const nextHour = (ms: number): number => Math.ceil(ms / HOUR_MS) * HOUR_MS;
