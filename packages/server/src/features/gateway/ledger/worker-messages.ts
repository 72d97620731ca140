import type { StoreContents } from '../contents/write-contents.ts';
import type { PackedTurns } from './pack-turns.ts';

/** To the ledger's worker thread: a batch to write, contents to keep, or the end. */
export type ToLedgerWorker =
  | { type: 'write'; batch: number; packed: PackedTurns; again: boolean }
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
