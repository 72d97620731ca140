import { parentPort, workerData } from 'node:worker_threads';
import { openConnection } from './open-connection.ts';
import type { ReportAnswer, ReportQuestion } from './reports.ts';

/** Runs in a worker thread: one reading connection, one query after the other. */
const { path } = workerData as { path: string };
const handle = openConnection(path, true);

parentPort?.on('message', ({ id, sql, parameters }: ReportQuestion) => {
  let answer: ReportAnswer;
  try {
    answer = { id, rows: handle.run(sql, parameters).rows };
  } catch (thrown) {
    const { message, errcode } = thrown as { message: string; errcode?: number };
    answer = { id, failure: { message, ...(errcode === undefined ? {} : { errcode }) } };
  }
  parentPort?.postMessage(answer);
});
