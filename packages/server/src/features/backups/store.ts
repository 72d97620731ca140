import type { BackupRecord } from '@vigiles/contract';
import type { Store } from '../../platform/store/index.ts';

interface BackupTables {
  backup_record: BackupRecord;
}

/** So many records of a target are kept. */
const most = 500;

/** The only SQL of the backup relay. */
export function createBackupStore(store: Store) {
  const db = store.db<BackupTables>();
  return {
    async begin(record: BackupRecord): Promise<void> {
      await db.insertInto('backup_record').values(record).execute();
      const old = await db
        .selectFrom('backup_record')
        .select('started_at')
        .where('target', '=', record.target)
        .orderBy('started_at', 'desc')
        .offset(most)
        .limit(1)
        .executeTakeFirst();
      if (!old) return;
      await db
        .deleteFrom('backup_record')
        .where('target', '=', record.target)
        .where('started_at', '<=', old.started_at)
        .execute();
    },
    async end(id: string, change: Partial<BackupRecord>): Promise<void> {
      await db.updateTable('backup_record').set(change).where('id', '=', id).execute();
    },
    find: (id: string): Promise<BackupRecord | undefined> =>
      db.selectFrom('backup_record').selectAll().where('id', '=', id).executeTakeFirst(),
    list: (limit: number): Promise<BackupRecord[]> =>
      db.selectFrom('backup_record').selectAll().orderBy('started_at', 'desc').limit(limit).execute(),
    last: (target: string, state?: BackupRecord['state']): Promise<BackupRecord | undefined> => {
      const rows = db.selectFrom('backup_record').selectAll().where('target', '=', target);
      return (state === undefined ? rows : rows.where('state', '=', state))
        .orderBy('started_at', 'desc')
        .limit(1)
        .executeTakeFirst();
    },
    /** What a process that is gone had under way. */
    async abandon(before: number, now: number): Promise<void> {
      await db
        .updateTable('backup_record')
        .set({ state: 'failed', finished_at: now, message: 'Vigiles was stopped while it was made' })
        .where('state', '=', 'running')
        .where('started_at', '<', before)
        .execute();
    },
  };
}

export type BackupStore = ReturnType<typeof createBackupStore>;
