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

/** A worker thread for what would stop the event loop; started when there is something to do, ended when there is little. */
export interface Background {
  /** A long read. */
  report(sql: string, parameters: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** To be called after each commit. */
  committed(): void;
  /** Whether there is a worker now. */
  running(): boolean;
  close(): Promise<void>;
}

interface Pending {
  resolve(rows: Record<string, unknown>[]): void;
  reject(thrown: unknown): void;
}

/** More than this many at once means that something asks faster than the disk answers. */
const maxPending = 64;

/** So many commits before a worker is started for a checkpoint: short-lived tools and quiet days need none. */
const worthwhileCommits = 300;
const checkpointEveryMs = 50;
/** A worker with less to do in this time goes: it holds 15 MB. */
const idleMs = 30_000;

/** @param idleAfterMs how long a worker with little to do is kept, ms */
export function createBackground(path: string, idleAfterMs = idleMs): Background {
  const pending = new Map<number, Pending>();
  let worker: Worker | null = null;
  let lastId = 0;
  let closed = false;
  /** Commits since the last look at whether the worker is still needed; a report counts as many. */
  let work = 0;
  let idleTimer: NodeJS.Timeout | null = null;
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
    // What led to it is done at once; whether it is still needed shows from now on.
    work = 0;
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
      if (worker === started) forget();
      failAll(storeFault('store_unavailable', 'The background worker failed.', { cause: thrown }));
    });
    // Only an unanswered report keeps the process alive.
    started.unref();
    idleTimer = setInterval(endWhenIdle, idleAfterMs).unref();
    return started;
  };
  const forget = () => {
    worker = null;
    if (idleTimer) clearInterval(idleTimer);
  };
  const endWhenIdle = () => {
    const idle = work < worthwhileCommits && pending.size === 0;
    work = 0;
    if (!idle) return;
    void worker?.terminate();
    forget();
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
      work += worthwhileCommits;
      asked.ref();
      const id = (lastId += 1);
      const question: ReportQuestion = { id, sql, parameters };
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject });
        send(asked, question);
      });
    },
    committed() {
      work += 1;
      if ((!worker && work < worthwhileCommits) || checkpointTimer || closed) return;
      checkpointTimer = setTimeout(() => {
        checkpointTimer = null;
        worker ??= startWorker();
        send(worker, 'checkpoint');
      }, checkpointEveryMs).unref();
    },
    running: () => worker !== null,
    async close() {
      closed = true;
      if (checkpointTimer) clearTimeout(checkpointTimer);
      failAll(storeFault('store_closed', 'The store was closed while a report was running.'));
      await worker?.terminate();
      forget();
    },
  };
}
