import { sql } from 'kysely';
import type { Store } from '../../../platform/store/store.ts';
import type { BudgetScope } from '../core/budget/budget-rules.ts';
import { HOUR_MS } from './roll-up.ts';

/** What went out lately, in equal parts. */
export interface Pace {
  partMs: number;
  /** Micro-dollars of an account in each part, oldest first; zeros where there is nothing. @param name `''` for the whole */
  of(scope: BudgetScope, name: string): number[];
}

/** Parts of the last while: enough to tell a pace from a burst. */
const partCount = 4;

interface Row {
  device_id: string;
  provider: string;
  workspace: string;
  part: number | string;
  /** PostgreSQL sums bigints into texts. */
  micros: number | string;
}

/** Of the last hour, turn by turn. */
export async function hourPace(store: Store, now: number): Promise<Pace> {
  const partMs = HOUR_MS / partCount;
  const from = now - HOUR_MS;
  const found = sql<Row>`
    select device_id, provider, coalesce(workspace, '') as workspace, (ts - ${from}) / ${partMs} as part,
      sum(counted_micros) as micros
    from turn where ts >= ${from} and ts < ${now} group by 1, 2, 3, 4`;
  return paceOf((await found.execute(store.db<unknown>())).rows, partMs);
}

/** Of the last day, from sums by the hour; the running hour is the last. */
export async function dayPace(store: Store, now: number): Promise<Pace> {
  const partMs = (24 * HOUR_MS) / partCount;
  const from = Math.floor(now / HOUR_MS) * HOUR_MS - 23 * HOUR_MS;
  const found = sql<Row>`
    select device_id, provider, workspace, (hour - ${from}) / ${partMs} as part, sum(counted_micros) as micros
    from usage_hour where hour >= ${from} group by 1, 2, 3, 4`;
  return paceOf((await found.execute(store.db<unknown>())).rows, partMs);
}

function paceOf(rows: readonly Row[], partMs: number): Pace {
  const accounts = new Map<string, number[]>();
  const none = () => Array.from({ length: partCount }, () => 0);
  const add = (scope: BudgetScope, name: string, part: number, micros: number): void => {
    const key = `${scope} ${name}`;
    let parts = accounts.get(key);
    if (!parts) accounts.set(key, (parts = none()));
    if (part >= 0 && part < partCount) parts[part] = (parts[part] ?? 0) + micros;
  };
  for (const row of rows) {
    const part = Math.floor(Number(row.part));
    const micros = Number(row.micros);
    add('whole', '', part, micros);
    add('device', row.device_id, part, micros);
    add('provider', row.provider, part, micros);
    if (row.workspace !== '') add('workspace', row.workspace, part, micros);
  }
  return { partMs, of: (scope, name) => accounts.get(`${scope} ${name}`) ?? none() };
}
