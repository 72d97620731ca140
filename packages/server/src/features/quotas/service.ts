import type { QuotaName, VigilesConfig } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import { fault, raise } from '../../kernel/fault.ts';
import type { Component } from '../../kernel/lifecycle.ts';
import type { Log } from '../../kernel/log.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import type { Store } from '../../platform/store/index.ts';
import { spansAt } from '../gateway/index.ts';
import { limitsOf, shown, storageOf, type CountedQuota, type Who } from './core/limits.ts';
import { createMeters, type QuotaMeter } from './meters.ts';
import {
  createQuotaStore,
  isLimited,
  type AnyTransaction,
  type Charge,
  type QuotaSpan,
  type Refusal,
} from './store.ts';

export interface QuotaDeps {
  store: Store;
  events: EventLog;
  clock: Clock;
  log: Log;
  config(): Pick<VigilesConfig, 'quotas' | 'budgets' | 'gateway'>;
}

/** How much each device may use. Whoever takes names the device; `quota_exhausted` is raised where too little is left. */
export interface Quotas {
  /** Takes units before they are used: of several at once no more than the limit get one. */
  take(who: Who, quota: CountedQuota, amount: number): Promise<void>;
  /** The same in a transaction of the feature, which is rolled back with what it was for. */
  takeIn(tx: AnyTransaction, who: Who, quota: CountedQuota, amount: number): Promise<void>;
  /** Gives back what was taken at a moment and never used. */
  giveBackIn(
    tx: AnyTransaction,
    who: Who,
    quota: CountedQuota,
    amount: number,
    takenAt: number,
  ): Promise<void>;
  /** Counts what is known only as it comes, and stops it at the limit; raises where nothing is left before. */
  meter(who: Who, quota: CountedQuota): Promise<QuotaMeter>;
  /** Whether so many bytes more may be kept for a device; raises where not. */
  store(who: Who, keptBytes: number, moreBytes: number): Promise<void>;
}

const words: Record<QuotaName, string> = {
  ai_tokens: 'tokens of models',
  ai_requests: 'turns of models',
  email_quota: 'recipients of mail',
  web_requests: 'pages of the web',
  bandwidth_mb: 'MB of traffic',
  storage_mb: 'MB of storage',
};

/** Counts that limit nothing are written so often. */
const flushMs = 1000;
const keptMs = 62 * 86_400_000;

export function createQuotaService({ store, events, clock, log, config }: QuotaDeps) {
  const book = createQuotaStore(store, events);
  const timeZone = (): string => config().budgets.time_zone;

  function spansOf(who: Who, quota: CountedQuota, at = clock.now()): QuotaSpan[] {
    const { daily, monthly } = limitsOf(config().quotas, who, quota);
    const { day, month } = spansAt(at, timeZone());
    return [
      { period: 'daily', startsAt: day.startsAt, endsAt: day.endsAt, limit: daily },
      { period: 'monthly', startsAt: month.startsAt, endsAt: month.endsAt, limit: monthly },
    ];
  }

  const refuse = (who: Who, quota: QuotaName, { span, used }: Refusal): never => {
    const limit = shown(quota, span.limit ?? 0);
    const period = span.period === 'total' ? '' : span.period === 'daily' ? ' a day' : ' a month';
    const until = span.endsAt === null ? '' : `; it begins anew at ${new Date(span.endsAt).toISOString()}`;
    return raise(
      fault(
        'rate-limited',
        'quota_exhausted',
        `${who.name} has used ${shown(quota, used)} of ${limit} ${words[quota]}${period}${until} (quotas.devices, ${quota}).`,
        {
          ...(span.endsAt === null
            ? { retryable: false }
            : { retryAfterMs: Math.max(1000, span.endsAt - clock.now()) }),
          details: {
            quota,
            period: span.period,
            used: shown(quota, used),
            limit,
            resets_at: span.endsAt,
          },
        },
      ),
    );
  };

  /** What is not written yet, by device and quota; only what has no limit waits here. */
  let waiting = new Map<string, { who: Who; quota: CountedQuota; amount: number }>();
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  let prunedOn = 0;

  function put(who: Who, quota: CountedQuota, amount: number): void {
    const key = `${quota} ${who.deviceId}`;
    const before = waiting.get(key)?.amount ?? 0;
    waiting.set(key, { who, quota, amount: before + amount });
  }

  async function flush(): Promise<void> {
    const taken = waiting;
    waiting = new Map();
    const charges: Charge[] = [...taken]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { who, quota, amount }]) => ({ who, quota, amount, spans: spansOf(who, quota) }));
    try {
      if (charges.length > 0) await book.count(charges);
      const { day } = spansAt(clock.now(), timeZone());
      if (prunedOn !== day.startsAt) {
        await book.prune(day.startsAt - keptMs);
        prunedOn = day.startsAt;
      }
    } catch (thrown) {
      log.warn({ err: thrown }, 'what devices used could not be written; again in a moment');
      for (const { who, quota, amount } of taken.values()) put(who, quota, amount);
    }
  }
  const written = (): Promise<void> => (writing = writing.then(flush));

  const face: Quotas = {
    async take(who, quota, amount) {
      const spans = spansOf(who, quota);
      if (!isLimited(spans)) return put(who, quota, amount);
      const refusal = await book.take({ who, quota, amount, spans });
      if (refusal) refuse(who, quota, refusal);
    },
    async takeIn(tx, who, quota, amount) {
      const refusal = await book.add(tx, { who, quota, amount, spans: spansOf(who, quota) }, true);
      if (refusal) refuse(who, quota, refusal);
    },
    giveBackIn: (tx, who, quota, amount, takenAt) =>
      book.giveBack(tx, { who, quota, amount, spans: spansOf(who, quota, takenAt) }),
    meter: createMeters({ book, spansOf, refuse, put }),
    async store(who, keptBytes, moreBytes) {
      const limit = storageOf(config().quotas, who);
      const span: QuotaSpan = {
        period: 'total',
        startsAt: spansAt(clock.now(), timeZone()).day.startsAt,
        endsAt: null,
        limit,
      };
      if (limit !== null && keptBytes + moreBytes > limit)
        refuse(who, 'storage_mb', { span, used: keptBytes });
      await book.reached(who, 'storage_mb', span, keptBytes + moreBytes);
    },
  };

  const component: Component = {
    name: 'quotas',
    start() {
      timer = setInterval(() => void written(), flushMs).unref();
    },
    async stop() {
      if (timer) clearInterval(timer);
      await written();
    },
  };
  return { face, component, book, spansOf, written };
}

export type QuotaService = ReturnType<typeof createQuotaService>;
