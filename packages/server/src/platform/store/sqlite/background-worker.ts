import { parentPort, workerData } from 'node:worker_threads';
import type { BackgroundMessage, ReportAnswer, ReportQuestion } from './background.ts';
import { checkpointIfWorthwhile } from './checkpoint.ts';
import type { SqliteHandle } from './node-sqlite.ts';
import { openConnection } from './open-connection.ts';

/** Runs in a worker thread: long reads one after the other, and checkpoints, whose fsyncs would stop the event loop. */
const { path } = workerData as { path: string };
let reading: SqliteHandle | null = null;
let writing: SqliteHandle | null = null;

parentPort?.on('message', (message: BackgroundMessage) => {
  if (message === 'checkpoint') checkpoint();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  else parentPort?.postMessage(report(message));
});

function report({ id, sql, parameters }: ReportQuestion): ReportAnswer {
  try {
    reading ??= openConnection(path, true);
    return { id, rows: reading.run(sql, parameters).rows };
  } catch (thrown) {
    const { message, errcode } = thrown as { message: string; errcode?: number };
    return { id, failure: { message, ...(errcode === undefined ? {} : { errcode }) } };
  }
}

function checkpoint(): void {
  try {
    writing ??= openConnection(path, false);
    checkpointIfWorthwhile(writing);
  } catch {
    // The file cannot be opened now: whoever writes next says so.
  }
}
