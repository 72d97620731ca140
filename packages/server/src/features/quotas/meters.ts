import type { QuotaName } from '@vigiles/contract';
import type { CountedQuota, Who } from './core/limits.ts';
import { isLimited, type QuotaSpan, type QuotaStore, type Refusal } from './store.ts';

/** Counts what is used as it comes. */
export interface QuotaMeter {
  /** Units that came just now. Raises `quota_exhausted` once they are more than is left. */
  spend(amount: number): void;
  /** Writes down what came. Has to be called, whatever happened. At once where there is a limit, else within a second. */
  settle(): Promise<void>;
}

export interface MeterDeps {
  book: Pick<QuotaStore, 'used' | 'count'>;
  spansOf(who: Who, quota: CountedQuota): QuotaSpan[];
  refuse(who: Who, quota: QuotaName, refusal: Refusal): never;
  /** Counts what limits nothing. */
  put(who: Who, quota: CountedQuota, amount: number): void;
}

/** What all meters of a device and a quota have counted in this process. */
interface Together {
  open: number;
  spent: number;
  /** Of it, what is not written yet. */
  unwritten: number;
}

/** Meters for what is known only as it comes. Those of one device in this process stop together, at the limit. */
export function createMeters({ book, spansOf, refuse, put }: MeterDeps) {
  const running = new Map<string, Together>();
  let turn: Promise<unknown> = Promise.resolve();
  /** One after the other: nobody writes between reading what was used and reading what is not written. */
  function inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  /** The span with the least left, and at which sum of all meters it is used up. */
  async function ceilingOf(who: Who, quota: CountedQuota, spans: readonly QuotaSpan[], all: Together) {
    const rows = await book.used(
      spans.map(({ startsAt }) => startsAt),
      who.deviceId,
    );
    let least: { sum: number; span: QuotaSpan } | null = null;
    for (const span of spans) {
      if (span.limit === null) continue;
      const row = rows.find(
        (one) => one.quota === quota && one.period === span.period && one.starts_at === span.startsAt,
      );
      const used = (row?.used ?? 0) + all.unwritten;
      if (used >= span.limit) refuse(who, quota, { span, used });
      const sum = all.spent + span.limit - used;
      if (!least || sum < least.sum) least = { sum, span };
    }
    return least ?? { sum: Infinity, span: spans[0] as QuotaSpan };
  }

  /** Raises `quota_exhausted` where nothing is left. */
  return async (who: Who, quota: CountedQuota): Promise<QuotaMeter> => {
    const spans = spansOf(who, quota);
    let spent = 0;
    if (!isLimited(spans))
      return {
        spend: (amount) => void (spent += amount),
        settle: async () => (spent > 0 ? put(who, quota, spent) : undefined),
      };
    const key = `${quota} ${who.deviceId}`;
    const all = running.get(key) ?? { open: 0, spent: 0, unwritten: 0 };
    all.open += 1;
    running.set(key, all);
    const close = (): void => {
      all.open -= 1;
      if (all.open === 0) running.delete(key);
    };
    const { sum, span } = await inTurn(() => ceilingOf(who, quota, spans, all)).catch((thrown: unknown) => {
      close();
      throw thrown;
    });
    return {
      spend(amount) {
        spent += amount;
        all.spent += amount;
        all.unwritten += amount;
        if (all.spent > sum) refuse(who, quota, { span, used: (span.limit ?? 0) + all.spent - sum });
      },
      settle: () =>
        inTurn(async () => {
          try {
            if (spent > 0) await book.count([{ who, quota, amount: spent, spans }]);
          } catch {
            // The database is away for a moment; what came is used all the same.
            put(who, quota, spent);
          } finally {
            all.unwritten -= spent;
            close();
          }
        }),
    };
  };
}
