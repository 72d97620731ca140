import { fromJson, toJson, type Store } from '../../../platform/store/index.ts';
import type { WatchdogTables } from '../tables.ts';
import type { StoredPattern } from './pattern.ts';

/** The only SQL about what was learned. */
export function createKnowledgeStore(store: Store) {
  const db = store.db<WatchdogTables>();
  return {
    async all(): Promise<StoredPattern[]> {
      const rows = await db.selectFrom('known_pattern').selectAll().orderBy('last_at').execute();
      return rows.map(({ data }) => fromJson<StoredPattern>(data));
    },
    /**
     * Changes what is stored while nobody else can, so that what two controls learn at once adds up.
     * @param fresh what to begin with where nothing is stored; absent: then nothing is changed
     * @returns as it is now; null: it is not there
     */
    change(
      fingerprint: string,
      how: (pattern: StoredPattern) => void,
      fresh?: StoredPattern,
    ): Promise<StoredPattern | null> {
      return store.transaction<WatchdogTables, StoredPattern | null>(async (trx) => {
        if (fresh)
          await trx
            .insertInto('known_pattern')
            .values({ fingerprint, last_at: fresh.lastAt, data: toJson(fresh) })
            .onConflict((conflict) => conflict.column('fingerprint').doNothing())
            .execute();
        const row = await trx
          .selectFrom('known_pattern')
          .select('data')
          .where('fingerprint', '=', fingerprint)
          .forUpdate()
          .executeTakeFirst();
        if (!row) return null;
        const pattern = fromJson<StoredPattern>(row.data);
        how(pattern);
        await trx
          .updateTable('known_pattern')
          .set({ last_at: pattern.lastAt, data: toJson(pattern) })
          .where('fingerprint', '=', fingerprint)
          .execute();
        return pattern;
      });
    },
    /** Others may write here too: one file is one control's. */
    shared: store.dialect === 'postgres',
    async remove(fingerprint: string): Promise<void> {
      await db.deleteFrom('known_pattern').where('fingerprint', '=', fingerprint).execute();
    },
  };
}

export type KnowledgeStore = ReturnType<typeof createKnowledgeStore>;
