import type { NotionConflict } from '@vigiles/contract';
import type { EventLog } from '../../../platform/event-log/index.ts';
import { isUniqueViolation, type Store } from '../../../platform/store/index.ts';
import type { Base } from './core/decide.ts';
import type { NotionTables } from './tables.ts';

type PageRow = NotionTables['notion_page'];

const toConflict = ({
  local_text,
  remote_text,
  ...row
}: NotionTables['notion_conflict']): NotionConflict => ({
  ...row,
  local: local_text,
  remote: remote_text,
});

/** The only SQL of the Notion integration. */
export function createNotionStore(store: Store, events: EventLog) {
  const db = () => store.db<NotionTables>();
  return {
    pages: (): Promise<PageRow[]> => db().selectFrom('notion_page').selectAll().execute(),
    page: (page: string): Promise<PageRow | undefined> =>
      db().selectFrom('notion_page').selectAll().where('page', '=', page).executeTakeFirst(),
    /** What this page and this file of this folder were when they were in step; null: they never were. */
    async base(page: string, folder: string, file: string): Promise<Base | null> {
      const row = await db()
        .selectFrom('notion_base')
        .selectAll()
        .where('page', '=', page)
        .where('folder', '=', folder)
        .executeTakeFirst();
      return row?.file === file ? { local: row.local_hash, remote: row.remote_hash } : null;
    },
    async putBase(row: NotionTables['notion_base']): Promise<void> {
      const { page: _, folder: __, ...rest } = row;
      await db()
        .insertInto('notion_base')
        .values(row)
        .onConflict((conflict) => conflict.columns(['page', 'folder']).doUpdateSet(rest))
        .execute();
    },
    async put(row: PageRow): Promise<void> {
      const { page, ...rest } = row;
      await db()
        .insertInto('notion_page')
        .values(row)
        .onConflict((conflict) => conflict.column('page').doUpdateSet(rest))
        .execute();
      if (page && row.state === 'in_step')
        await db().deleteFrom('notion_conflict').where('page', '=', page).execute();
    },
    async conflicts(): Promise<NotionConflict[]> {
      const rows = await db().selectFrom('notion_conflict').selectAll().orderBy('found_at').execute();
      return rows.map(toConflict);
    },
    /** Keeps both versions; told to people once, however often the same conflict is found. */
    async keepConflict(found: NotionConflict): Promise<void> {
      const { local, remote, page, ...rest } = found;
      const row = { ...rest, local_text: local, remote_text: remote };
      await events.transaction<NotionTables, void>(async (tx) => {
        const known = await tx.db
          .selectFrom('notion_conflict')
          .select('page')
          .where('page', '=', page)
          .executeTakeFirst();
        await tx.db
          .insertInto('notion_conflict')
          .values({ page, ...row })
          .onConflict((conflict) =>
            conflict.column('page').doUpdateSet({ local_text: local, remote_text: remote, file: found.file }),
          )
          .execute();
        if (known) return;
        const message = `${found.file} changed here and in Notion. Nothing was overwritten; choose one: vigiles notion conflicts`;
        tx.append('alert.raised', {
          actor: 'notion',
          subject: `notion:${page}`,
          data: {
            severity: 'warning',
            title: 'A page of Notion changed in both places',
            message,
            incident_id: null,
          },
        });
      });
    },
    /** False: it was there already. */
    async takeEvent(id: string, now: number): Promise<boolean> {
      try {
        await db().insertInto('notion_event').values({ id, received_at: now }).execute();
        return true;
      } catch (thrown) {
        if (isUniqueViolation(thrown)) return false;
        throw thrown;
      }
    },
    async lastEventAt(): Promise<number | null> {
      const row = await db()
        .selectFrom('notion_event')
        .select(({ fn }) => fn.max('received_at').as('at'))
        .executeTakeFirst();
      return row?.at ?? null;
    },
    async prune(before: number): Promise<void> {
      await db().deleteFrom('notion_event').where('received_at', '<', before).execute();
    },
  };
}

export type NotionStore = ReturnType<typeof createNotionStore>;
