import type { Mail, MailDetail, MailState } from '@vigiles/contract';
import { fromJson, type Store } from '../../platform/store/index.ts';
import { dayOf } from './book.ts';
import type { MailContent } from './store.ts';
import { mailOf, type MailRow, type MailTables } from './tables.ts';

/** What is read of the outbox. */
export function createMailReader(store: Store, now: () => number) {
  const db = store.db<MailTables>();
  const find = (id: string): Promise<MailRow | undefined> =>
    db.selectFrom('mail').selectAll().where('id', '=', id).executeTakeFirst();

  async function content(id: string): Promise<MailContent | null> {
    const row = await db.selectFrom('mail_content').select('data').where('id', '=', id).executeTakeFirst();
    return row ? fromJson<MailContent>(row.data) : null;
  }

  return {
    content,
    find: async (id: string): Promise<Mail | null> => {
      const row = await find(id);
      return row ? mailOf(row) : null;
    },

    async detail(id: string): Promise<MailDetail | null> {
      const row = await find(id);
      if (!row) return null;
      const kept = await content(id);
      return {
        ...mailOf(row),
        body: kept?.text ?? kept?.html ?? null,
        has_html: (kept?.html ?? null) !== null,
        html: kept?.html ?? null,
      };
    },

    async list(wanted: {
      states: readonly MailState[];
      limit: number;
      before: string | null;
    }): Promise<{ mails: Mail[]; total: number; next: string | null }> {
      const { states, limit } = wanted;
      const before = wanted.before === null ? undefined : await find(wanted.before);
      let rows = db.selectFrom('mail').selectAll();
      let count = db.selectFrom('mail').select((column) => column.fn.countAll().as('count'));
      if (states.length > 0) {
        rows = rows.where('state', 'in', [...states]);
        count = count.where('state', 'in', [...states]);
      }
      if (before)
        rows = rows.where((where) =>
          where.or([
            where('created_at', '<', before.created_at),
            where.and([where('created_at', '=', before.created_at), where('id', '<', before.id)]),
          ]),
        );
      const found = await rows
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      const mails = found.slice(0, limit).map(mailOf);
      const total = Number((await count.executeTakeFirstOrThrow()).count);
      return { mails, total, next: found.length > limit ? (mails.at(-1)?.id ?? null) : null };
    },

    async counts(): Promise<Record<string, number>> {
      const rows = await db
        .selectFrom('mail')
        .select(['state', (column) => column.fn.countAll().as('count')])
        .groupBy('state')
        .execute();
      return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
    },

    async today(): Promise<{ used: number; taken: number }> {
      const row = await db
        .selectFrom('mail_day')
        .selectAll()
        .where('day', '=', dayOf(now()))
        .executeTakeFirst();
      return { used: row?.used ?? 0, taken: row?.taken ?? 0 };
    },

    /** What waits for a person. */
    async awaiting(): Promise<Mail[]> {
      const rows = await db
        .selectFrom('mail')
        .selectAll()
        .where('state', '=', 'awaiting_approval')
        .orderBy('created_at')
        .limit(1000)
        .execute();
      return rows.map(mailOf);
    },

    /** The next one to be tried, and when that is. */
    async next(): Promise<{ id: string; at: number; attempts: number; deviceId: string } | null> {
      const row = await db
        .selectFrom('mail')
        .select(['id', 'next_at', 'attempts', 'device_id'])
        .where('state', '=', 'queued')
        .orderBy('next_at')
        .orderBy('created_at')
        .limit(1)
        .executeTakeFirst();
      return row
        ? { id: row.id, at: row.next_at ?? 0, attempts: row.attempts, deviceId: row.device_id }
        : null;
    },

    /** Since when a mail has been tried. */
    triedSince: async (id: string): Promise<number> => (await find(id))?.tried_since ?? now(),
  };
}

export type MailReader = ReturnType<typeof createMailReader>;
