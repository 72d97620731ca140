import type { Turn } from '@vigiles/contract';

/** To the ledger's worker thread: a batch to write, or the end. */
export type ToLedgerWorker = { type: 'write'; batch: number; turns: Turn[] } | { type: 'close' };

/** From it. `failed`: nothing of the batch was written. */
export type FromLedgerWorker =
  | { type: 'ready' }
  | { type: 'written'; batch: number }
  | { type: 'failed'; batch: number; message: string }
  | { type: 'closed' };
