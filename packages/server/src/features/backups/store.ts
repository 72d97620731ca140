import type { BackupRecord } from '@vigiles/contract';
import type { Store } from '../../platform/store/index.ts';
import type { BackupTables } from './tables.ts';

/** So many records of a target are kept. */
const most = 500;

const columns = [
  'id',
  'target',
  'file',
  'state',
  'bytes',
  'sha256',
  'started_at',
  'finished_at',
  'message',
] as const satisfies readonly (keyof BackupRecord)[];

const cutOff = 'Vigiles was stopped while it was made';

/** The only SQL of the backup relay. @param owner `Presence.id` of this control */
export function createBackupStore(store: Store, owner: string) {
  const db = store.db<BackupTables>();
  return {
    /** Takes one time of a schedule. False: another control has it, or a later one. */
    async claim(target: string, due_at: number): Promise<boolean> {
      const taken = await db
        .insertInto('backup_turn')
        .values({ target, due_at })
        .onConflict((conflict) =>
          conflict.column('target').doUpdateSet({ due_at }).where('backup_turn.due_at', '<', due_at),
        )
        .executeTakeFirst();
      return (taken.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    async begin(record: BackupRecord): Promise<void> {
      await db
        .insertInto('backup_record')
        .values({ ...record, owner })
        .execute();
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
      db.selectFrom('backup_record').select(columns).where('id', '=', id).executeTakeFirst(),
    list: (limit: number): Promise<BackupRecord[]> =>
      db.selectFrom('backup_record').select(columns).orderBy('started_at', 'desc').limit(limit).execute(),
    last: (target: string, state?: BackupRecord['state']): Promise<BackupRecord | undefined> => {
      const rows = db.selectFrom('backup_record').select(columns).where('target', '=', target);
      return (state === undefined ? rows : rows.where('state', '=', state))
        .orderBy('started_at', 'desc')
        .limit(1)
        .executeTakeFirst();
    },
    /** The one of its target that was begun before it. */
    before: ({ target, started_at, id }: BackupRecord): Promise<BackupRecord | undefined> =>
      db
        .selectFrom('backup_record')
        .select(columns)
        .where('target', '=', target)
        .where('started_at', '<=', started_at)
        .where('id', '!=', id)
        .orderBy('started_at', 'desc')
        .limit(1)
        .executeTakeFirst(),
    wasCutOff: (record: BackupRecord | undefined): boolean =>
      record?.state === 'failed' && record.message === cutOff,
    /** What a control that is gone had under way. @returns what was given up, by this control alone */
    async abandon(isGone: (owner: string) => boolean, now: number): Promise<BackupRecord[]> {
      const running = await db
        .selectFrom('backup_record')
        .select([...columns, 'owner'])
        .where('state', '=', 'running')
        .execute();
      const given: BackupRecord[] = [];
      for (const { owner: of, ...record } of running) {
        if (of !== null && !isGone(of)) continue;
        const change = {
          state: 'failed',
          finished_at: now,
          message: cutOff,
        } as const;
        const ended = await db
          .updateTable('backup_record')
          .set(change)
          .where('id', '=', record.id)
          .where('state', '=', 'running')
          .executeTakeFirst();
        if (ended.numUpdatedRows > 0n) given.push({ ...record, ...change });
      }
      return given;
    },
  };
}

export type BackupStore = ReturnType<typeof createBackupStore>;
