import type { Mail, MailRecipient, MailState } from '@vigiles/contract';
import { isUniqueViolation, toJson } from '../../platform/store/index.ts';
import { dayOf, ended, type MailBook, type MailSender } from './book.ts';
import type { CheckedMail } from './core/message.ts';
import { mailOf, recipientsOf, type MailRow, type MailTables } from './tables.ts';

export type MailContent = Pick<CheckedMail, 'text' | 'html' | 'attachments'>;

export interface NewMail {
  id: string;
  messageId: string;
  device: MailSender;
  mail: CheckedMail;
  key: string | null;
  digest: string;
  approvalUntil: number | null;
  dailyLimit: number;
}

export type Put = { kind: 'new' | 'known'; mail: Mail } | { kind: 'other' } | { kind: 'full'; left: number };

/** A person may have these sent once more. */
const sendable: readonly MailState[] = ['queued', 'failed', 'uncertain', 'partly_sent'];

/** What waits in the outbox and what people say about it. */
export function createMailStore({ store, now, transaction, tell, take, giveBack, change }: MailBook) {
  const db = store.db<MailTables>();
  const byKey = (device: string, key: string): Promise<MailRow | undefined> =>
    db
      .selectFrom('mail')
      .selectAll()
      .where('device_id', '=', device)
      .where('idempotency_key', '=', key)
      .executeTakeFirst();
  const known = (row: MailRow, digest: string): Put =>
    row.digest === digest ? { kind: 'known', mail: mailOf(row) } : { kind: 'other' };

  async function insert({ mail, ...wanted }: NewMail): Promise<Put> {
    return transaction(async (tx): Promise<Put> => {
      const at = now();
      const day = dayOf(at);
      const left = await take(tx, wanted.device, day, mail.recipients.length, wanted.dailyLimit);
      if (left !== null) return { kind: 'full', left };
      const recipients = mail.recipients.map((one): MailRecipient => ({
        ...one,
        state: 'pending',
        reply: '',
      }));
      const row: MailRow = {
        id: wanted.id,
        message_id: wanted.messageId,
        device_id: wanted.device.id,
        device_name: wanted.device.name,
        state: wanted.approvalUntil === null ? 'queued' : 'awaiting_approval',
        subject: mail.subject,
        from_name: mail.fromName,
        recipients: toJson(recipients),
        attachments: toJson(
          mail.attachments.map(({ filename, contentType, size }) => ({
            filename,
            content_type: contentType,
            size,
          })),
        ),
        idempotency_key: wanted.key,
        digest: wanted.digest,
        attempts: 0,
        reason: '',
        code: null,
        created_at: at,
        tried_since: at,
        next_at: at,
        finished_at: null,
        approval: wanted.approvalUntil === null ? 0 : 1,
        approval_until: wanted.approvalUntil,
        approved_by: null,
        run_id: null,
        kept: 1,
        day,
        claimed_by: null,
        claimed_until: null,
        data_at: null,
      };
      await tx.db.insertInto('mail').values(row).execute();
      const { text, html, attachments } = mail;
      const content: MailContent = { text, html, attachments };
      await tx.db
        .insertInto('mail_content')
        .values({ id: row.id, data: toJson(content) })
        .execute();
      tell(tx, row, `device:${row.device_id}`);
      return { kind: 'new', mail: mailOf(row) };
    });
  }

  return {
    /** What the key of a device stands for already; null: nothing. */
    async known(device: string, key: string, digest: string): Promise<Put | null> {
      const before = await byKey(device, key);
      return before ? known(before, digest) : null;
    },

    /** Puts a mail into the outbox; the same key of the same device is the mail that is there already. */
    async put(wanted: NewMail): Promise<Put> {
      const before = wanted.key === null ? undefined : await byKey(wanted.device.id, wanted.key);
      if (before) return known(before, wanted.digest);
      try {
        return await insert(wanted);
      } catch (thrown) {
        // Two at the same moment: the second one finds the first.
        if (!isUniqueViolation(thrown) || wanted.key === null) throw thrown;
        const first = await byKey(wanted.device.id, wanted.key);
        if (!first) throw thrown;
        return known(first, wanted.digest);
      }
    },

    async postpone(id: string, at: number, reason: string): Promise<void> {
      await db
        .updateTable('mail')
        .set({ next_at: at, reason })
        .where('id', '=', id)
        .where('state', '=', 'queued')
        .execute();
    },

    setRun: async (id: string, runId: string): Promise<void> =>
      void (await db.updateTable('mail').set({ run_id: runId }).where('id', '=', id).execute()),

    /** Ends a mail by a person's word, or because nobody gave theirs. Null: it cannot be ended so. */
    end: (
      id: string,
      state: 'discarded' | 'denied' | 'expired',
      from: readonly MailState[],
      reason: string,
      actor: string,
    ): Promise<Mail | null> =>
      transaction(async (tx) => {
        const row = await change(tx, id, from, { state, reason, approval_until: null }, actor);
        if (row) await giveBack(tx, row);
        return row ? mailOf(row) : null;
      }),

    /** Puts an ended mail into the queue once more, for those who do not have it. A number: so little of the day is left. */
    async again(id: string, actor: string, dailyLimit: number): Promise<Mail | null | number> {
      return transaction(async (tx) => {
        const before = await tx.db
          .selectFrom('mail')
          .selectAll()
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst();
        if (!before || before.kept === 0 || !sendable.includes(before.state)) return null;
        const recipients = recipientsOf(before).map((one): MailRecipient =>
          one.state === 'taken' ? one : Object.assign(one, { state: 'pending' as const }),
        );
        const open = recipients.filter(({ state }) => state === 'pending').length;
        const at = now();
        if (before.state !== 'queued') {
          const sender = { id: before.device_id, name: before.device_name };
          const left = await take(tx, sender, dayOf(at), open, dailyLimit);
          if (left !== null) return left;
        }
        const row = await change(
          tx,
          id,
          sendable,
          {
            state: 'queued',
            recipients: toJson(recipients),
            next_at: at,
            tried_since: at,
            day: dayOf(at),
            attempts: 0,
            finished_at: null,
            reason: '',
            code: null,
          },
          actor,
        );
        return row ? mailOf(row) : null;
      });
    },

    /** Forgets entries that ended before then, and days. */
    async prune(before: number): Promise<number> {
      const rows = await db
        .selectFrom('mail')
        .select('id')
        .where('finished_at', '<', before)
        .where('state', 'in', [...ended])
        .limit(500)
        .execute();
      if (rows.length === 0) return 0;
      const old = rows.map(({ id }) => id);
      return transaction(async (tx) => {
        // Not one that a person had sent again meanwhile.
        const gone = await tx.db
          .deleteFrom('mail')
          .where('id', 'in', old)
          .where('finished_at', '<', before)
          .returning('id')
          .execute();
        const ids = gone.map(({ id }) => id);
        if (ids.length > 0) await tx.db.deleteFrom('mail_content').where('id', 'in', ids).execute();
        await tx.db.deleteFrom('mail_day').where('day', '<', dayOf(before)).execute();
        return ids.length;
      });
    },
  };
}

export type MailStore = ReturnType<typeof createMailStore>;
