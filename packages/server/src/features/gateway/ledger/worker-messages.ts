/** To the ledger's worker thread: a batch to write (JSON, which crosses threads faster than objects), or the end. */
import type { StoreContents } from '../contents/write-contents.ts';

export type ToLedgerWorker =
  | { type: 'write'; batch: number; turns: string }
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
