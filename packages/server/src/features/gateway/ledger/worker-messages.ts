import type { StoreContents } from '../contents/write-contents.ts';

/** To the ledger's worker thread: a batch to write, contents to keep, or the end. */
export type ToLedgerWorker =
  /** One turn's JSON a line: it crosses threads faster than objects, and becomes its event's text as it is. */
  | { type: 'write'; batch: number; lines: string; again: boolean }
  | { type: 'contents'; batch: StoreContents }
  | { type: 'close' };

/** From it. `failed`: nothing of the batch was written. */
export type FromLedgerWorker =
  | { type: 'ready' }
  | { type: 'written'; batch: number }
  /** What a turn said could not be kept; it is not tried again. */
  | { type: 'contents-failed'; message: string }
  | { type: 'failed'; batch: number; message: string }
  | { type: 'closed' };
