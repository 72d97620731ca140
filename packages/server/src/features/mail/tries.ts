import type { Mail } from '@vigiles/contract';
import { toJson } from '../../platform/store/index.ts';
import { dayOf, type MailBook } from './book.ts';
import type { Outcome } from './core/outcome.ts';
import { mailOf, recipientsOf } from './tables.ts';

/** A claimed mail is somebody's for this long. */
const claimMs = 900_000;

const free = { claimed_by: null, claimed_until: null, data_at: null };
const unheld = {
  ...free,
  state: 'queued',
  reason: 'Vigiles was stopped before the server had anything of it',
} as const;

/** The steps of a try: whoever takes a mail says so before, and what the server has begun to get is on disk. */
export function createMailTries({ store, now, transaction, dayRow, change }: MailBook) {
  return {
    /** Takes a mail for a try. Null: it is not to be sent (any more), or somebody else has it. */
    claim: (id: string, approvedBy: string | null): Promise<Mail | null> =>
      transaction(async (tx) => {
        const row = await change(
          tx,
          id,
          approvedBy === null ? ['queued'] : ['queued', 'awaiting_approval'],
          {
            state: 'sending',
            claimed_by: store.instance,
            claimed_until: now() + claimMs,
            data_at: null,
            approval_until: null,
            ...(approvedBy === null ? {} : { approved_by: approvedBy }),
          },
          'mail',
        );
        return row ? mailOf(row) : null;
      }),

    /** On disk before the first byte of its text leaves. False: it is not ours any more. */
    async dataBegins(id: string): Promise<boolean> {
      return transaction(async (tx) => {
        const done = await tx.db
          .updateTable('mail')
          .set({ data_at: now() })
          .where('id', '=', id)
          .where('state', '=', 'sending')
          .where('claimed_by', '=', store.instance)
          .returning('id')
          .executeTakeFirst();
        return done !== undefined;
      });
    },

    /** Ours, and the server has nothing of it: it waits again, as if it had not been tried. */
    giveBack: (id: string): Promise<void> =>
      transaction(async (tx) => {
        const held = await tx.db
          .selectFrom('mail')
          .select('claimed_by')
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst();
        if (held?.claimed_by !== store.instance) return;
        await change(tx, id, ['sending'], { ...unheld, next_at: now() }, 'mail');
      }),

    /** Writes down what a try came to. */
    async settle(id: string, outcome: Outcome, attempts: number): Promise<Mail | null> {
      return transaction(async (tx) => {
        const before = await tx.db
          .selectFrom('mail')
          .selectAll()
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst();
        if (before?.claimed_by !== store.instance) return null;
        const had = recipientsOf(before).filter(({ state }) => state === 'taken').length;
        const has = outcome.recipients.filter(({ state }) => state === 'taken').length;
        const row = await change(
          tx,
          id,
          ['sending'],
          {
            state: outcome.state,
            recipients: toJson(outcome.recipients),
            reason: outcome.reason,
            code: outcome.code,
            attempts,
            next_at: outcome.retryMs === null ? null : now() + outcome.retryMs,
            claimed_by: null,
            claimed_until: null,
            data_at: null,
          },
          'mail',
        );
        if (row && has > had) {
          const day = dayOf(now());
          const { taken } = await dayRow(tx, day);
          await tx.db
            .updateTable('mail_day')
            .set({ taken: taken + has - had })
            .where('day', '=', day)
            .execute();
        }
        return row ? mailOf(row) : null;
      });
    },

    /**
     * What a killed process left, or ours where what it came to could not be written: text had begun to leave → nobody knows;
     * otherwise it waits again.
     */
    async recover(): Promise<number> {
      return transaction(async (tx) => {
        const rows = await tx.db
          .selectFrom('mail')
          .selectAll()
          .where('state', '=', 'sending')
          .where((is) =>
            is.or([
              is('claimed_until', '<', now()),
              // On PostgreSQL another control may be sending it right now.
              ...(store.dialect === 'sqlite' ? [is('claimed_by', '!=', store.instance)] : []),
            ]),
          )
          .forUpdate()
          .execute();
        for (const { id, data_at: began } of rows) {
          if (began === null) await change(tx, id, ['sending'], { ...unheld, next_at: now() }, 'mail');
          else
            await change(
              tx,
              id,
              ['sending'],
              {
                ...free,
                state: 'uncertain',
                reason: 'Vigiles was stopped while the server took it: it may have arrived',
              },
              'mail',
            );
        }
        return rows.length;
      });
    },
  };
}

export type MailTries = ReturnType<typeof createMailTries>;
