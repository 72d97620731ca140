import type { Clock } from '../../kernel/clock.ts';
import { fromJson, toJson, type Store } from '../../platform/store/index.ts';
import { elapsedSince, type Stamp } from './core/guards.ts';
import {
  inMonth,
  judgeSpend,
  leftMicros,
  newSpendBook,
  reserveSpend,
  settleSpend,
  type SpendBook,
  type SpendPolicy,
  type SpendVerdict,
} from './core/spend.ts';
import { stampNow } from './machine-clock.ts';
import type { ActionTables } from './tables.ts';

export interface SpendGuardDeps {
  store: Store;
  clock: Clock;
  /** Key of its row; one guard for each purpose. */
  name: string;
  policy: () => SpendPolicy;
  stamp?: (wall: number) => Stamp;
}

/** How much may still be asked, for people. */
export interface SpendState {
  callsToday: number;
  callsPerDay: number;
  microsThisMonth: number;
  microsPerMonth: number;
  /** UTC milliseconds; null: now, or not before the next month. */
  nextAt: number | null;
}

type StoredBook = SpendBook & { at: Stamp };

/**
 * Limits of what asking a model by ourselves may cost: pace, calls a day, money a month. Money is set aside and the call
 * counted on disk before it is made; what it cost in the end is settled. A call of which nobody knows stays spent.
 */
export function createSpendGuard({ store, clock, name, policy, stamp = stampNow }: SpendGuardDeps) {
  const db = store.db<ActionTables>();
  const monthNow = () => new Date(clock.now()).toISOString().slice(0, 7);
  let book = newSpendBook(monthNow());
  let writing: Promise<void> = Promise.resolve();

  function save(): Promise<void> {
    const wall = clock.now();
    const shift = wall - clock.monotonic();
    const stored: StoredBook = { ...book, calls: book.calls.map((at) => at + shift), at: stamp(wall) };
    const data = toJson(stored);
    writing = writing
      .catch(() => undefined)
      .then(() =>
        store.transaction<ActionTables, void>(
          async (trx) => {
            await trx
              .insertInto('spend_guard')
              .values({ name, data })
              .onConflict((conflict) => conflict.column('name').doUpdateSet({ data }))
              .execute();
          },
          { durable: true },
        ),
      );
    return writing;
  }

  return {
    async start(): Promise<void> {
      const row = await db.selectFrom('spend_guard').selectAll().where('name', '=', name).executeTakeFirst();
      if (!row) return;
      const { at, ...stored } = fromJson<StoredBook>(row.data);
      const now = clock.monotonic();
      const shift = now - elapsedSince(at, stamp(clock.now())) - at.wall;
      book = { ...stored, calls: stored.calls.map((call) => Math.min(now, call + shift)) };
      // Whatever was under way when the process ended may have been charged in full.
      for (const id of Object.keys(book.held)) book = settleSpend(book, id, null);
    },
    /** Whether a call that may cost so much would be allowed now; changes nothing. */
    judge(micros: number): SpendVerdict {
      return judgeSpend(inMonth(book, monthNow()), micros, clock.monotonic(), policy());
    },
    /** Counts a call and sets its money aside; on disk when the promise resolves. A refusal changes nothing. */
    async reserve(id: string, micros: number): Promise<SpendVerdict> {
      book = inMonth(book, monthNow());
      const verdict = judgeSpend(book, micros, clock.monotonic(), policy());
      if (!verdict.allow) return verdict;
      book = reserveSpend(book, id, micros, clock.monotonic());
      await save();
      return verdict;
    },
    /** What a call cost; null when nobody can tell. */
    async settle(id: string, micros: number | null): Promise<void> {
      book = settleSpend(inMonth(book, monthNow()), id, micros);
      await save();
    },
    state(): SpendState {
      const rules = policy();
      const now = clock.monotonic();
      const current = inMonth(book, monthNow());
      const verdict = judgeSpend(current, 0, now, rules);
      return {
        callsToday: current.calls.filter((at) => now - at < 86_400_000).length,
        callsPerDay: rules.callsPerDay,
        microsThisMonth: rules.microsPerMonth - leftMicros(current, rules),
        microsPerMonth: rules.microsPerMonth,
        nextAt: verdict.allow || verdict.retryInMs === null ? null : clock.now() + verdict.retryInMs,
      };
    },
  };
}

export type SpendGuard = ReturnType<typeof createSpendGuard>;
