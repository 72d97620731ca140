import { Worker } from 'node:worker_threads';
import { storeFault } from '../faults.ts';
import { mapSqliteError } from './errors.ts';

export interface ReportQuestion {
  id: number;
  sql: string;
  parameters: readonly unknown[];
}

export type ReportAnswer =
  | { id: number; rows: Record<string, unknown>[] }
  | { id: number; failure: { message: string; errcode?: number } };

export type BackgroundMessage = ReportQuestion | 'checkpoint';

/** A worker thread for what would stop the event loop; started when there is something to do. */
export interface Background {
  /** A long read. */
  report(sql: string, parameters: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** To be called after each commit. */
  committed(): void;
  close(): Promise<void>;
}

interface Pending {
  resolve(rows: Record<string, unknown>[]): void;
  reject(thrown: unknown): void;
}

/** More than this many at once means that something asks faster than the disk answers. */
const maxPending = 64;

/** So many commits before the first checkpoint: short-lived tools need no worker. */
const firstCheckpointAfter = 300;
const checkpointEveryMs = 50;

export function createBackground(path: string): Background {
  const pending = new Map<number, Pending>();
  let worker: Worker | null = null;
  let lastId = 0;
  let closed = false;
  let commits = 0;
  let checkpointTimer: NodeJS.Timeout | null = null;

  const failAll = (thrown: unknown) => {
    for (const { reject } of pending.values()) reject(thrown);
    pending.clear();
  };
  const send = (to: Worker, message: BackgroundMessage) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    to.postMessage(message);
  };
  const startWorker = (): Worker => {
    const started = new Worker(new URL('./background-worker.ts', import.meta.url), { workerData: { path } });
    started.on('message', (answer: ReportAnswer) => {
      const asked = pending.get(answer.id);
      pending.delete(answer.id);
      if (pending.size === 0) started.unref();
      if ('rows' in answer) asked?.resolve(answer.rows);
      else
        asked?.reject(mapSqliteError(Object.assign(new Error(answer.failure.message), answer.failure), path));
    });
    started.on('error', (thrown) => {
      if (worker === started) worker = null;
      failAll(storeFault('store_unavailable', 'The background worker failed.', { cause: thrown }));
    });
    // Only an unanswered report keeps the process alive.
    started.unref();
    return started;
  };

  return {
    report(sql, parameters) {
      if (closed) return Promise.reject(storeFault('store_closed', 'The store is closed.'));
      if (pending.size >= maxPending) {
        return Promise.reject(
          storeFault('store_unavailable', `${maxPending} reports are already waiting; try again.`),
        );
      }
      const asked = (worker ??= startWorker());
      asked.ref();
      const id = (lastId += 1);
      const question: ReportQuestion = { id, sql, parameters };
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject });
        send(asked, question);
      });
    },
    committed() {
      commits += 1;
      if (commits < firstCheckpointAfter || checkpointTimer || closed) return;
      checkpointTimer = setTimeout(() => {
        checkpointTimer = null;
        worker ??= startWorker();
        send(worker, 'checkpoint');
      }, checkpointEveryMs).unref();
    },
    async close() {
      closed = true;
      if (checkpointTimer) clearTimeout(checkpointTimer);
      failAll(storeFault('store_closed', 'The store was closed while a report was running.'));
      await worker?.terminate();
      worker = null;
    },
  };
}
