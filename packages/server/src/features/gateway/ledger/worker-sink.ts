import { Worker } from 'node:worker_threads';
import type { Log } from '../../../kernel/log.ts';
import type { LedgerSink } from './ledger.ts';
import { packTurns } from './pack-turns.ts';
import type { FromLedgerWorker, ToLedgerWorker } from './worker-messages.ts';

/**
 * Writes batches in a worker thread, so that no turn ever waits behind a synchronous SQLite call. A worker that dies is
 * replaced with the next batch; its unfinished batch fails and is tried again by the ledger.
 * @param entry the module that runs `serveLedger`
 */
export function createWorkerSink(entry: URL, workerData: unknown, log: Log): LedgerSink {
  let worker: Worker | null = null;
  let batches = 0;
  let pending: { batch: number; resolve(): void; reject(thrown: Error): void } | null = null;
  let closed: (() => void) | null = null;

  function settle(message: FromLedgerWorker): void {
    if (message.type === 'closed') closed?.();
    if (message.type === 'contents-failed')
      log.warn({ problem: message.message }, 'what a turn said could not be kept');
    if (!('batch' in message) || pending?.batch !== message.batch) return;
    const waiting = pending;
    pending = null;
    if (message.type === 'written') waiting.resolve();
    else waiting.reject(new Error(message.message));
  }

  function open(): Worker {
    const opened = new Worker(entry, {
      workerData,
      name: 'ledger',
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    opened.on('message', settle);
    const gone = (thrown: Error) => {
      if (worker !== opened) return;
      worker = null;
      const waiting = pending;
      pending = null;
      waiting?.reject(thrown);
      closed?.();
    };
    opened.on('error', (thrown: unknown) => {
      log.error({ err: thrown }, 'the ledger’s thread failed');
      gone(thrown as Error);
    });
    opened.on('exit', (code) => gone(new Error(`the ledger’s thread ended with code ${code}`)));
    return opened;
  }

  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  const send = (to: Worker, message: ToLedgerWorker): void => to.postMessage(message);
  worker = open();

  return {
    write(turns, again) {
      worker ??= open();
      batches += 1;
      const batch = batches;
      const to = worker;
      return new Promise<void>((resolve, reject) => {
        pending = { batch, resolve, reject };
        send(to, { type: 'write', batch, packed: packTurns(turns), again });
      });
    },
    store(contents) {
      worker ??= open();
      send(worker, { type: 'contents', batch: contents });
    },
    async close() {
      const leaving = worker;
      if (!leaving) return;
      await new Promise<void>((resolve) => {
        closed = resolve;
        send(leaving, { type: 'close' });
        setTimeout(resolve, 2000).unref();
      });
      await leaving.terminate();
    },
  };
}
