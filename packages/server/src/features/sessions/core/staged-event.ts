import type { Effect } from './effects.ts';
import type { Owned } from './owned.ts';

/** An event on its way into a session's log: everything but its place. Plain data: it crosses threads. */
export interface StagedEvent {
  eventId: string;
  ts: number;
  type: string;
  actor: string;
  commandId: string | null;
  /** JSON text. */
  payload: string;
  /** The producer chose the id, so it may have been stored before. */
  chosen: boolean;
  effect: Effect | null;
}

/** Whether whoever writes may reach a session, asked where it is written: one that may not be reached is as good as gone. */
export type Reaches = (session: Owned) => boolean;

/** Events of one session that are written together. */
export interface StagedBatch {
  sessionId: string;
  /** When the server got them, UTC ms. */
  at: number;
  events: readonly StagedEvent[];
  reaches?: Reaches;
  /** The device whose word it is: what it says of how the execution stands is taken only where nobody else holds the session. */
  saidBy?: string;
}

/** Where the events of a batch stand. `gone`: none was written, as there is no such session, or `heldBy` another. */
export type WrittenBatch =
  | { gone: true; heldBy?: string }
  | {
      gone: false;
      /** In the order of the batch. */
      seqs: readonly { seq: number; duplicate: boolean }[];
      headSeq: number;
      /** What the log added by itself, after the batch. */
      added: readonly { seq: number; event: StagedEvent }[];
    };
