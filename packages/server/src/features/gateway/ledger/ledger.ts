import type { StoreContents } from '../contents/write-contents.ts';
import type { Log } from '../../../kernel/log.ts';
import type { LedgerTurn } from './ledger-turn.ts';

/** Where batches go: the worker thread, or anything else that writes them whole or not at all. */
export interface LedgerSink {
  /** @param again an earlier try of some of them may have been written after all */
  write(turns: LedgerTurn[], again: boolean): Promise<void>;
  /** Keeps what turns said, where that is wanted; nobody waits for it. */
  store?(contents: StoreContents): void;
  close(): Promise<void>;
}

export interface LedgerOptions {
  sink: LedgerSink;
  log: Log;
  /** Turns that may wait; when so many do, new turns are refused. Default 20,000. */
  maxWaiting?: number;
  /** Wait before a failed batch is tried again, milliseconds. Default 500. */
  retryMs?: number;
}

/** Keeps one row for every turn, without making any turn wait for the disk. */
export interface Ledger {
  /** Queues a settled turn. */
  push(turn: LedgerTurn): void;
  /** Keeps what a turn said. */
  store(contents: StoreContents): void;
  /** No more turns may be taken until some are written: what cannot be counted is not sent. */
  full(): boolean;
  waiting(): number;
  /** Writes what waits and closes; gives up after `timeoutMs` and answers how many were not written. */
  close(timeoutMs: number): Promise<number>;
}

const BATCH_MS = 25;
/** A batch of so many says that turns come fast: half as many batches then cost a third less. */
const BUSY_ROWS = 50;
const BUSY_MS = 50;
const BATCH_ROWS = 500;

/**
 * Collects settled turns and writes them in batches, one at a time and in order (docs/adr/0006). A batch that fails is
 * kept and tried again: a full disk costs nothing but time.
 */
export function createLedger({ sink, log, maxWaiting = 20_000, retryMs = 500 }: LedgerOptions): Ledger {
  let queue: LedgerTurn[] = [];
  let timer: NodeJS.Timeout | null = null;
  let writing = 0;
  /** So many at the head of the queue were tried before. */
  let tried = 0;
  let idle: (() => void) | null = null;
  let closed = false;
  let waitMs = BATCH_MS;

  function flush(): void {
    timer = null;
    if (writing > 0 || queue.length === 0) return;
    const batch = queue.length <= BATCH_ROWS ? queue : queue.slice(0, BATCH_ROWS);
    queue = queue.length <= BATCH_ROWS ? [] : queue.slice(BATCH_ROWS);
    writing = batch.length;
    waitMs = writing < BUSY_ROWS ? BATCH_MS : BUSY_MS;
    sink.write(batch, tried > 0).then(
      () => {
        writing = 0;
        tried = Math.max(0, tried - batch.length);
        if (queue.length >= BATCH_ROWS || (idle && queue.length > 0)) flush();
        else if (queue.length > 0) timer ??= setTimeout(flush, waitMs);
        else idle?.();
      },
      (thrown: unknown) => {
        log.error({ err: thrown, turns: batch.length }, 'turns could not be written; trying again');
        writing = 0;
        queue = [...batch, ...queue];
        tried = Math.max(tried, batch.length);
        if (!closed) timer ??= setTimeout(flush, retryMs);
      },
    );
  }

  return {
    push(turn) {
      queue.push(turn);
      if (queue.length >= BATCH_ROWS && writing === 0 && !timer) flush();
      else timer ??= setTimeout(flush, waitMs);
    },
    store: (contents) => sink.store?.(contents),
    full: () => queue.length >= maxWaiting,
    waiting: () => queue.length + writing,
    async close(timeoutMs) {
      if (queue.length + writing > 0) {
        await new Promise<void>((resolve) => {
          const givenUp = setTimeout(resolve, timeoutMs);
          idle = () => {
            clearTimeout(givenUp);
            resolve();
          };
          if (timer) clearTimeout(timer);
          flush();
        });
      }
      if (timer) clearTimeout(timer);
      closed = true;
      const lost = queue.length + writing;
      await sink.close();
      return lost;
    },
  };
}
