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

/** As it is stored: times in wall time. `heldAt`: since when money is set aside, by call; rows of older versions lack it. */
type StoredBook = SpendBook & { at: Stamp; heldAt?: Record<string, number> };

/** Nothing that we ask takes longer: what is still set aside then belongs to somebody who is gone, and stays spent. */
const HELD_MS = 600_000;
/** How old what others spent may be where it is only shown or judged beforehand. */
const FRESH_MS = 2000;

/**
 * Limits of what asking a model by ourselves may cost: pace, calls a day, money a month. Money is set aside and the call
 * counted on disk before it is made; what it cost in the end is settled. A call of which nobody knows stays spent. The
 * database is the truth: all controls on it have one budget together.
 */
export function createSpendGuard({ store, clock, name, policy, stamp = stampNow }: SpendGuardDeps) {
  const db = store.db<ActionTables>();
  const monthNow = () => new Date(clock.now()).toISOString().slice(0, 7);
  /** As it was read or written last, with times on our own clock. */
  let book = newSpendBook(monthNow());
  let readAt = clock.monotonic();
  /** What we wrote last, and the book it stands for: while nobody else writes our own clock needs no conversion. */
  let own: { data: string; book: SpendBook; heldAt: Record<string, number> } | null = null;
  let working: Promise<unknown> = Promise.resolve();

  /** What is stored, on our clock; what is set aside for too long counts as spent. */
  function read(data: string): { book: SpendBook; heldAt: Record<string, number> } {
    if (own?.data === data) return own;
    const { at, heldAt = {}, ...stored } = fromJson<StoredBook>(data);
    const now = clock.monotonic();
    const shift = now - elapsedSince(at, stamp(clock.now())) - at.wall;
    let found: SpendBook = {
      ...stored,
      calls: stored.calls.map((call) => Math.min(now, call + shift)).toSorted((a, b) => a - b),
    };
    for (const id of Object.keys(found.held))
      if (Math.abs(clock.now() - (heldAt[id] ?? 0)) > HELD_MS) found = settleSpend(found, id, null);
    return { book: found, heldAt };
  }

  /** Changes the stored book while nobody else can. One after the other within this process. */
  function change<T>(how: (now: SpendBook) => { next: SpendBook; answer: T }): Promise<T> {
    const work = working
      .catch(() => undefined)
      .then(() =>
        store.transaction<ActionTables, { wrote: typeof own; next: SpendBook; answer: T }>(
          async (trx) => {
            const wall = clock.now();
            const empty = { ...newSpendBook(monthNow()), at: stamp(wall) } satisfies StoredBook;
            // Two that begin at once wait for each other here.
            await trx
              .insertInto('spend_guard')
              .values({ name, data: toJson(empty) })
              .onConflict((conflict) => conflict.column('name').doNothing())
              .execute();
            const row = await trx
              .selectFrom('spend_guard')
              .select('data')
              .where('name', '=', name)
              .forUpdate()
              .executeTakeFirstOrThrow();
            const before = read(row.data);
            const { next, answer } = how(inMonth(before.book, monthNow()));
            if (next === before.book) return { wrote: own, next, answer };
            const shift = wall - clock.monotonic();
            const heldAt = Object.fromEntries(
              Object.keys(next.held).map((id) => [id, before.heldAt[id] ?? wall]),
            );
            const calls = next.calls.map((at) => at + shift);
            const data = toJson({ ...next, calls, at: stamp(wall), heldAt } satisfies StoredBook);
            await trx.updateTable('spend_guard').set({ data }).where('name', '=', name).execute();
            return { wrote: { data, book: next, heldAt }, next, answer };
          },
          { durable: true },
        ),
      )
      .then(({ wrote, next, answer }) => {
        own = wrote;
        book = next;
        readAt = clock.monotonic();
        return answer;
      });
    working = work;
    return work;
  }

  /** Reads what others spent, behind whoever asks. */
  async function refresh(): Promise<void> {
    readAt = clock.monotonic();
    const row = await db.selectFrom('spend_guard').select('data').where('name', '=', name).executeTakeFirst();
    if (row) book = read(row.data).book;
  }
  function lately(): SpendBook {
    // On SQLite there is nobody else.
    if (store.dialect === 'postgres' && clock.monotonic() - readAt > FRESH_MS)
      working = working.then(refresh, refresh).catch(() => undefined);
    return inMonth(book, monthNow());
  }

  return {
    async start(): Promise<void> {
      await refresh();
      if (store.dialect !== 'sqlite' || Object.keys(book.held).length === 0) return;
      // Whatever was under way when the only process ended may have been charged in full.
      await change((now) => ({
        next: Object.keys(now.held).reduce((rest, id) => settleSpend(rest, id, null), now),
        answer: null,
      }));
    },
    /** Whether a call that may cost so much would be allowed, as far as is known here; changes nothing. */
    judge: (micros: number): SpendVerdict => judgeSpend(lately(), micros, clock.monotonic(), policy()),
    /** Counts a call and sets its money aside; on disk when the promise resolves. A refusal changes nothing. */
    reserve: (id: string, micros: number): Promise<SpendVerdict> =>
      change((now) => {
        const verdict = judgeSpend(now, micros, clock.monotonic(), policy());
        const next = verdict.allow ? reserveSpend(now, id, micros, clock.monotonic()) : now;
        return { next, answer: verdict };
      }),
    /** What a call cost; null when nobody can tell. */
    settle: (id: string, micros: number | null): Promise<void> =>
      change((now) => ({ next: settleSpend(now, id, micros), answer: undefined })),
    state(): SpendState {
      const rules = policy();
      const now = clock.monotonic();
      const current = lately();
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
