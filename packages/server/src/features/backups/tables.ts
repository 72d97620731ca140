import type { BackupRecord } from '@vigiles/contract';

/** Rows of the backup relay. Times are UTC milliseconds. */
export interface BackupTables {
  /** `owner`: the control that makes it, by `Presence.id`; null: one of an older version. */
  backup_record: BackupRecord & { owner: string | null };
  /** The last time of its schedule that a control has taken for itself. */
  backup_turn: { target: string; due_at: number };
}
