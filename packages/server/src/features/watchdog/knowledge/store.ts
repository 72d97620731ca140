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
    async save(pattern: StoredPattern): Promise<void> {
      const row = { last_at: pattern.lastAt, data: toJson(pattern) };
      await db
        .insertInto('known_pattern')
        .values({ fingerprint: pattern.fingerprint, ...row })
        .onConflict((conflict) => conflict.column('fingerprint').doUpdateSet(row))
        .execute();
    },
    async remove(fingerprint: string): Promise<void> {
      await db.deleteFrom('known_pattern').where('fingerprint', '=', fingerprint).execute();
    },
  };
}

export type KnowledgeStore = ReturnType<typeof createKnowledgeStore>;
