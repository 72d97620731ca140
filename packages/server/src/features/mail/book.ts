import type { MailState } from '@vigiles/contract';
import type { EventLog, EventTransaction } from '../../platform/event-log/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { Quotas } from '../quotas/index.ts';
import { recipientsOf, type MailRow, type MailTables } from './tables.ts';

type Tx = EventTransaction<MailTables>;

/** States in which nothing more happens by itself. */
export const ended: readonly MailState[] = [
  'sent',
  'partly_sent',
  'uncertain',
  'failed',
  'denied',
  'expired',
  'discarded',
];
/** Of these the text is not needed any more. */
const over = new Set<MailState>(['sent', 'denied', 'expired', 'discarded']);

export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

export interface MailSender {
  id: string;
  name: string;
}

/** What a device may write: taken and given back with the day's allowance. */
export type MailQuota = Pick<Quotas, 'takeIn' | 'giveBackIn'>;

/** What every write of the outbox is made of. Every change of a state is an event of the same transaction. */
export function createMailBook(store: Store, events: EventLog, now: () => number, quotas: MailQuota) {
  const transaction = <R>(work: (tx: Tx) => Promise<R>): Promise<R> =>
    events.transaction<MailTables, R>(work, { durable: true });

  const tell = (tx: Tx, row: MailRow, actor: string): void =>
    tx.append('mail.changed', {
      actor,
      subject: row.id,
      data: { id: row.id, state: row.state, device_id: row.device_id, reason: row.reason },
    });

  async function dayRow(tx: Tx, day: string): Promise<MailTables['mail_day']> {
    await tx.db
      .insertInto('mail_day')
      .values({ day, used: 0, taken: 0 })
      .onConflict((conflict) => conflict.column('day').doNothing())
      .execute();
    return tx.db
      .selectFrom('mail_day')
      .selectAll()
      .where('day', '=', day)
      .forUpdate()
      .executeTakeFirstOrThrow();
  }

  /** Takes from the day's allowance. Null: it had enough; otherwise how much is left. Raises `quota_exhausted` for the device. */
  async function take(
    tx: Tx,
    device: MailSender,
    day: string,
    count: number,
    limit: number,
  ): Promise<number | null> {
    const { used } = await dayRow(tx, day);
    if (used + count > limit) return Math.max(0, limit - used);
    await tx.db
      .updateTable('mail_day')
      .set({ used: used + count })
      .where('day', '=', day)
      .execute();
    await quotas.takeIn(tx, { deviceId: device.id, name: device.name }, 'email_quota', count);
    return null;
  }

  /** Gives back what was never sent. */
  async function giveBack(tx: Tx, row: MailRow): Promise<void> {
    const recipients = recipientsOf(row);
    if (row.attempts > 0 || recipients.some(({ state }) => state === 'taken')) return;
    const { used } = await dayRow(tx, row.day);
    await tx.db
      .updateTable('mail_day')
      .set({ used: Math.max(0, used - recipients.length) })
      .where('day', '=', row.day)
      .execute();
    const who = { deviceId: row.device_id, name: row.device_name };
    await quotas.giveBackIn(tx, who, 'email_quota', recipients.length, row.tried_since);
  }

  /** Changes a mail in one of these states; null: it is in none of them. */
  async function change(
    tx: Tx,
    id: string,
    from: readonly MailState[],
    set: Partial<MailRow>,
    actor: string,
  ): Promise<MailRow | null> {
    const { state } = set;
    const finished = state && ended.includes(state) ? { finished_at: now(), next_at: null } : {};
    const drop = state !== undefined && over.has(state);
    const row = await tx.db
      .updateTable('mail')
      .set({ ...set, ...finished, ...(drop ? { kept: 0 } : {}) })
      .where('id', '=', id)
      .where('state', 'in', [...from])
      .returningAll()
      .executeTakeFirst();
    if (!row) return null;
    if (drop) await tx.db.deleteFrom('mail_content').where('id', '=', id).execute();
    tell(tx, row, actor);
    return row;
  }

  return { store, now, transaction, tell, dayRow, take, giveBack, change };
}

export type MailBook = ReturnType<typeof createMailBook>;
