import type { Mail, MailRecipient, MailState } from '@vigiles/contract';
import { fromJson } from '../../platform/store/index.ts';

/** Rows of the outbox. Times are UTC milliseconds. */
export interface MailTables {
  mail: MailRow;
  /** What was written, until it is sent or discarded. */
  mail_content: { id: string; data: string };
  /** Recipients by UTC day: asked for, and taken by a server. */
  mail_day: { day: string; used: number; taken: number };
}

export interface MailRow {
  id: string;
  message_id: string;
  device_id: string;
  device_name: string;
  state: MailState;
  subject: string;
  from_name: string;
  /** JSON of `MailRecipient[]`. */
  recipients: string;
  attachments: string;
  idempotency_key: string | null;
  /** SHA-256 of what was asked. */
  digest: string;
  attempts: number;
  reason: string;
  code: string | null;
  created_at: number;
  /** Since when it has been tried: a person who sends it again begins anew. */
  tried_since: number;
  next_at: number | null;
  finished_at: number | null;
  approval: number;
  approval_until: number | null;
  approved_by: string | null;
  run_id: string | null;
  kept: number;
  /** Day whose allowance it took. */
  day: string;
  claimed_by: string | null;
  claimed_until: number | null;
  /** The server began to take its text: whether it has it is only known by its answer. */
  data_at: number | null;
}

export const recipientsOf = (row: Pick<MailRow, 'recipients'>): MailRecipient[] =>
  fromJson<MailRecipient[]>(row.recipients);

export const mailOf = (row: MailRow): Mail => ({
  id: row.id,
  message_id: row.message_id,
  device_id: row.device_id,
  device_name: row.device_name,
  state: row.state,
  subject: row.subject,
  from_name: row.from_name,
  recipients: recipientsOf(row),
  attachments: fromJson<Mail['attachments']>(row.attachments),
  attempts: row.attempts,
  reason: row.reason,
  code: row.code,
  created_at: row.created_at,
  next_at: row.next_at,
  finished_at: row.finished_at,
  approval_until: row.approval_until,
  approved_by: row.approved_by,
  run_id: row.run_id,
  kept: row.kept === 1,
});
