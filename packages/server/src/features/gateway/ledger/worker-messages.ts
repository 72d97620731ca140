/** To the ledger's worker thread: a batch to write (JSON, which crosses threads faster than objects), or the end. */
export type ToLedgerWorker = { type: 'write'; batch: number; turns: string } | { type: 'close' };

/** From it. `failed`: nothing of the batch was written. */
export type FromLedgerWorker =
  | { type: 'ready' }
  | { type: 'written'; batch: number }
  | { type: 'failed'; batch: number; message: string }
  | { type: 'closed' };
