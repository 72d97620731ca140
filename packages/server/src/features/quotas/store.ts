import type { Transaction } from 'kysely';
import type { QuotaName, QuotaPeriod } from '@vigiles/contract';
import type { EventLog, EventTransaction } from '../../platform/event-log/index.ts';
import type { Store } from '../../platform/store/index.ts';
import { shown, stepReached, type Who } from './core/limits.ts';
import type { QuotaTables } from './tables.ts';

/** One span of a quota: a day or a month, or all there is. */
export interface QuotaSpan {
  period: QuotaPeriod;
  startsAt: number;
  endsAt: number | null;
  /** In what is counted; null: no limit. */
  limit: number | null;
}

export const isLimited = (spans: readonly QuotaSpan[]): boolean => spans.some(({ limit }) => limit !== null);

/** What refuses: this span has too little left. */
export interface Refusal {
  span: QuotaSpan;
  used: number;
}

export interface Charge {
  who: Who;
  quota: QuotaName;
  amount: number;
  /** Days before months: all who lock take the same order. */
  spans: readonly QuotaSpan[];
}

/** Any feature's transaction, so that what is used and what it is used for are written together. */
export type AnyTransaction = Pick<EventTransaction<never>, 'append'> & { db: unknown };

const rowsOf = ({ db }: AnyTransaction): Transaction<QuotaTables> => db as Transaction<QuotaTables>;

/** The only SQL of quotas. */
export function createQuotaStore(store: Store, events: EventLog) {
  type Tx = EventTransaction<QuotaTables>;

  /** The row of a span, locked until the transaction ends. */
  async function useOf(db: Transaction<QuotaTables>, key: Omit<QuotaTables['quota_use'], 'used'>) {
    await db
      .insertInto('quota_use')
      .values({ ...key, used: 0 })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const { used } = await db
      .selectFrom('quota_use')
      .select('used')
      .where('device_id', '=', key.device_id)
      .where('quota', '=', key.quota)
      .where('period', '=', key.period)
      .where('starts_at', '=', key.starts_at)
      .forUpdate()
      .executeTakeFirstOrThrow();
    return used;
  }

  const set = (db: Transaction<QuotaTables>, key: Omit<QuotaTables['quota_use'], 'used'>, used: number) =>
    db
      .updateTable('quota_use')
      .set({ used })
      .where('device_id', '=', key.device_id)
      .where('quota', '=', key.quota)
      .where('period', '=', key.period)
      .where('starts_at', '=', key.starts_at)
      .execute();

  const keyOf = (who: Who, quota: QuotaName, { period, startsAt }: QuotaSpan) => ({
    device_id: who.deviceId,
    quota,
    period,
    starts_at: startsAt,
  });

  /** Tells that a step is reached, if nobody did yet in this span. */
  async function tell(
    tx: AnyTransaction,
    who: Who,
    quota: QuotaName,
    span: QuotaSpan,
    before: number,
    used: number,
  ): Promise<void> {
    const step = stepReached(before, used, span.limit);
    if (step === null || span.limit === null) return;
    const marked = await rowsOf(tx)
      .insertInto('quota_alert')
      .values({ ...keyOf(who, quota, span), threshold_percent: step })
      .onConflict((conflict) => conflict.doNothing())
      .returning('device_id')
      .execute();
    if (marked.length === 0) return;
    tx.append('quota.reached', {
      actor: 'quotas',
      subject: `device:${who.deviceId}`,
      data: {
        device_id: who.deviceId,
        device_name: who.name,
        quota,
        period: span.period,
        threshold_percent: step,
        used: shown(quota, used),
        limit: shown(quota, span.limit),
        resets_at: span.endsAt,
      },
    });
  }

  /** Adds to every span; with `admit` only where all of them have room, else nothing is changed. */
  async function add(
    tx: AnyTransaction,
    { who, quota, amount, spans }: Charge,
    admit: boolean,
  ): Promise<Refusal | null> {
    const db = rowsOf(tx);
    const before: number[] = [];
    for (const span of spans) before.push(await useOf(db, keyOf(who, quota, span)));
    for (const [at, span] of spans.entries()) {
      const used = before[at] ?? 0;
      if (admit && span.limit !== null && used + amount > span.limit) return { span, used };
    }
    for (const [at, span] of spans.entries()) {
      const used = before[at] ?? 0;
      await set(db, keyOf(who, quota, span), used + amount);
      await tell(tx, who, quota, span, used, used + amount);
    }
    return null;
  }

  return {
    add,
    tell,
    /** Takes the amount, or says which span refuses it. */
    take: (charge: Charge): Promise<Refusal | null> =>
      events.transaction<QuotaTables, Refusal | null>((tx) => add(tx, charge, true), { durable: true }),

    /** Counts what was used already. */
    count: (charges: readonly Charge[]): Promise<void> =>
      events.transaction<QuotaTables, void>(async (tx) => {
        for (const charge of charges) await add(tx, charge, false);
      }),

    /** Tells of a use that is counted elsewhere. */
    reached: (who: Who, quota: QuotaName, span: QuotaSpan, used: number): Promise<void> =>
      events.transaction<QuotaTables, void>((tx: Tx) => tell(tx, who, quota, span, 0, used)),

    /** Gives back what was taken in these spans and not used. */
    async giveBack(tx: AnyTransaction, { who, quota, amount, spans }: Charge): Promise<void> {
      const db = rowsOf(tx);
      for (const span of spans) {
        const key = keyOf(who, quota, span);
        await set(db, key, Math.max(0, (await useOf(db, key)) - amount));
      }
    },

    /** What was used in spans that began at one of these moments. */
    async used(startsAt: readonly number[], deviceId?: string): Promise<QuotaTables['quota_use'][]> {
      const rows = store
        .db<QuotaTables>()
        .selectFrom('quota_use')
        .selectAll()
        .where('starts_at', 'in', [...startsAt]);
      return (deviceId === undefined ? rows : rows.where('device_id', '=', deviceId)).execute();
    },

    async prune(before: number): Promise<void> {
      await store.transaction<QuotaTables, void>(async (trx) => {
        await trx.deleteFrom('quota_use').where('starts_at', '<', before).execute();
        await trx.deleteFrom('quota_alert').where('starts_at', '<', before).execute();
      });
    },
  };
}

export type QuotaStore = ReturnType<typeof createQuotaStore>;
