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

/** Long reads in a worker thread that is started by the first one. */
export interface Reports {
  run(sql: string, parameters: readonly unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

interface Pending {
  resolve(rows: Record<string, unknown>[]): void;
  reject(thrown: unknown): void;
}

/** More than this many at once means that something asks faster than the disk answers. */
const maxPending = 64;

export function createReports(path: string): Reports {
  const pending = new Map<number, Pending>();
  let worker: Worker | null = null;
  let lastId = 0;
  let closed = false;

  const failAll = (thrown: unknown) => {
    for (const { reject } of pending.values()) reject(thrown);
    pending.clear();
  };
  const startWorker = (): Worker => {
    const started = new Worker(new URL('./report-worker.ts', import.meta.url), { workerData: { path } });
    started.on('message', (answer: ReportAnswer) => {
      const asked = pending.get(answer.id);
      pending.delete(answer.id);
      // Only while it works does the worker keep the process alive.
      if (pending.size === 0) started.unref();
      if ('rows' in answer) asked?.resolve(answer.rows);
      else
        asked?.reject(mapSqliteError(Object.assign(new Error(answer.failure.message), answer.failure), path));
    });
    started.on('error', (thrown) => {
      if (worker === started) worker = null;
      failAll(storeFault('store_unavailable', 'The report worker failed.', { cause: thrown }));
    });
    return started;
  };

  return {
    run(sql, parameters) {
      if (closed) return Promise.reject(storeFault('store_closed', 'The store is closed.'));
      if (pending.size >= maxPending) {
        return Promise.reject(
          storeFault('store_unavailable', `${maxPending} reports are already waiting; try again.`),
        );
      }
      worker ??= startWorker();
      worker.ref();
      const id = (lastId += 1);
      const question: ReportQuestion = { id, sql, parameters };
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject });
        worker?.postMessage(question);
      });
    },
    async close() {
      closed = true;
      failAll(storeFault('store_closed', 'The store was closed while a report was running.'));
      await worker?.terminate();
      worker = null;
    },
  };
}
