import { fromJson, toJson, type Store } from '../../../platform/store/index.ts';
import type { Delivery, DeliveryFacts } from '../core/delivery.ts';
import type { GithubTables } from '../tables.ts';

/** A delivery that waits for its handling. */
export interface WaitingDelivery {
  id: string;
  event: string;
  repository: string;
  attempts: number;
  nextAt: number;
  facts: DeliveryFacts;
}

/** `again`: its handling had failed, so that whoever sends it again wants it done. */
export type Accepted = 'accepted' | 'duplicate' | 'again';

/** The only SQL of deliveries. */
export function createInboxStore(store: Store) {
  const db = store.db<GithubTables>();
  return {
    /** On disk when it resolves. The same id, or the same thing told by another hook, is a duplicate unless it had failed. */
    accept(
      id: string,
      { event, action, repository, subject, facts }: Delivery,
      now: number,
    ): Promise<Accepted> {
      return store.transaction<GithubTables, Accepted>(
        async (trx) => {
          const known = await trx
            .selectFrom('github_delivery')
            .select(['delivery_id', 'state', 'attempts'])
            .where((is) =>
              is.or([is('delivery_id', '=', id), ...(subject === null ? [] : [is('subject', '=', subject)])]),
            )
            .executeTakeFirst();
          if (known) {
            const troubled = known.state === 'failed' || (known.state === 'waiting' && known.attempts > 0);
            if (!troubled) return 'duplicate';
            await trx
              .updateTable('github_delivery')
              .set({
                state: 'waiting',
                attempts: 0,
                next_at: now,
                error: null,
                facts: toJson(facts),
                owner: null,
              })
              .where('delivery_id', '=', known.delivery_id)
              .execute();
            return 'again';
          }
          const state = facts.kind === 'none' || facts.kind === 'ping' ? 'ignored' : 'waiting';
          const row = { delivery_id: id, subject, event, action, repository, received_at: now, state };
          const inserted = await trx
            .insertInto('github_delivery')
            .values({ ...row, attempts: 0, next_at: now, error: null, facts: toJson(facts), owner: null })
            .onConflict((conflict) => conflict.doNothing())
            .executeTakeFirst();
          if ((inserted.numInsertedOrUpdatedRows ?? 0n) === 0n) return 'duplicate';
          await trx
            .insertInto('github_repository')
            .values({ repository, first_seen_at: now, last_delivery_at: now, polled_at: null, etag: null })
            .onConflict((conflict) => conflict.column('repository').doUpdateSet({ last_delivery_at: now }))
            .execute();
          return 'accepted';
        },
        { durable: true },
      );
    },
    async waiting(now: number, limit: number): Promise<WaitingDelivery[]> {
      const rows = await db
        .selectFrom('github_delivery')
        .selectAll()
        .where('state', '=', 'waiting')
        .where('next_at', '<=', now)
        .orderBy('received_at')
        .orderBy('delivery_id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        id: row.delivery_id,
        event: row.event,
        repository: row.repository,
        attempts: row.attempts,
        nextAt: row.next_at,
        facts: fromJson<DeliveryFacts>(row.facts),
      }));
    },
    /** Takes one until then; false: another process has it. */
    async claim({ id, nextAt }: WaitingDelivery, until: number, owner: string): Promise<boolean> {
      const taken = await db
        .updateTable('github_delivery')
        .set({ next_at: until, owner })
        .where('delivery_id', '=', id)
        .where('state', '=', 'waiting')
        .where('next_at', '=', nextAt)
        .executeTakeFirst();
      return taken.numUpdatedRows > 0n;
    },
    async settle(id: string, state: 'done' | 'failed', error: string | null): Promise<void> {
      await db
        .updateTable('github_delivery')
        .set({ state, error, owner: null })
        .where('delivery_id', '=', id)
        .execute();
    },
    async later(id: string, attempts: number, nextAt: number, error: string): Promise<void> {
      const change = { attempts, next_at: nextAt, error, owner: null };
      await db.updateTable('github_delivery').set(change).where('delivery_id', '=', id).execute();
    },
    /** When the next one is due; null: none waits. */
    async nextAt(): Promise<number | null> {
      const row = await db
        .selectFrom('github_delivery')
        .select(({ fn }) => fn.min('next_at').as('at'))
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      return row?.at ?? null;
    },
    /** What was taken by controls that are gone is free again. @returns whether there was any */
    async free(now: number, isGone: (owner: string) => boolean): Promise<boolean> {
      const held = await db
        .selectFrom('github_delivery')
        .select('owner')
        .distinct()
        .where('state', '=', 'waiting')
        .where('owner', 'is not', null)
        .execute();
      const gone = held.flatMap(({ owner }) => (owner !== null && isGone(owner) ? [owner] : []));
      if (gone.length === 0) return false;
      const freed = await db
        .updateTable('github_delivery')
        .set({ next_at: now, owner: null })
        .where('state', '=', 'waiting')
        .where('owner', 'in', gone)
        .executeTakeFirst();
      return freed.numUpdatedRows > 0n;
    },
    async health(): Promise<{ waiting: number; failed: number; lastAt: number | null }> {
      const rows = await db
        .selectFrom('github_delivery')
        .select(({ fn }) => ['state', fn.countAll<number>().as('count'), fn.max('received_at').as('last')])
        .groupBy('state')
        .execute();
      const count = (state: string) => rows.find((row) => row.state === state)?.count ?? 0;
      const lastAt = rows.reduce<number | null>((last, row) => Math.max(last ?? 0, row.last), null);
      return { waiting: count('waiting'), failed: count('failed'), lastAt };
    },
    async prune(before: number): Promise<void> {
      await db
        .deleteFrom('github_delivery')
        .where('received_at', '<', before)
        .where('state', '!=', 'waiting')
        .execute();
    },
  };
}

export type InboxStore = ReturnType<typeof createInboxStore>;
