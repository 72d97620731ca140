import type { DiagnosisCall } from '@vigiles/contract';
import { fromJson, toJson, type Store } from '../../../platform/store/index.ts';
import type { WatchdogTables } from '../tables.ts';

const keepMs = 400 * 86_400_000;

/** The only SQL about questions to a model. */
export function createDiagnosisStore(store: Store) {
  const db = store.db<WatchdogTables>();
  return {
    async save(call: DiagnosisCall): Promise<void> {
      const data = toJson(call);
      await db
        .insertInto('diagnosis_call')
        .values({ id: call.id, ts: call.ts, data })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ data }))
        .execute();
    },
    /** Newest first; at most 2000, which a month cannot have at its default limits. */
    async since(ts: number): Promise<DiagnosisCall[]> {
      const rows = await db
        .selectFrom('diagnosis_call')
        .select('data')
        .where('ts', '>=', ts)
        .orderBy('ts', 'desc')
        .limit(2000)
        .execute();
      return rows.map(({ data }) => fromJson<DiagnosisCall>(data));
    },
    async last(limit: number): Promise<DiagnosisCall[]> {
      const rows = await db
        .selectFrom('diagnosis_call')
        .select('data')
        .orderBy('ts', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ data }) => fromJson<DiagnosisCall>(data));
    },
    async prune(now: number): Promise<void> {
      await db
        .deleteFrom('diagnosis_call')
        .where('ts', '<', now - keepMs)
        .execute();
    },
  };
}

export type DiagnosisStore = ReturnType<typeof createDiagnosisStore>;
