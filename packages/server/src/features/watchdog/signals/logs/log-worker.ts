import { parentPort, workerData } from 'node:worker_threads';
import type { FromLogThread, ToLogThread } from './log-watch-types.ts';
import { createLogReader } from './watch-logs.ts';

/** Runs in a worker thread: logs are read and matched here, so that no flood of lines holds up control. */
const { positionFile, most } = workerData as { positionFile: string; most: number };

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const tell = (message: FromLogThread): void => parentPort?.postMessage(message);

let outstanding = 0;
/** Readers that wait until control has taken enough. */
const waiting: (() => void)[] = [];

const reader = createLogReader({
  positionFile,
  async onSightings(sightings) {
    outstanding += sightings.length;
    tell({ kind: 'sightings', sightings });
    // What control has not taken yet is not read past.
    if (outstanding > most) await new Promise<void>((resolve) => waiting.push(resolve));
  },
  onProblem: (problem) => tell({ kind: 'problem', problem }),
});

let turn: Promise<void> = Promise.resolve();
const inTurn = (work: () => Promise<void>): void => {
  turn = turn.then(work).catch((thrown: unknown) => {
    tell({ kind: 'refused', message: thrown instanceof Error ? thrown.message : String(thrown) });
  });
};

parentPort?.on('message', (message: ToLogThread) => {
  if (message.kind === 'taken') {
    outstanding -= message.count;
    if (outstanding <= most) for (const go of waiting.splice(0)) go();
  } else if (message.kind === 'watch') inTurn(() => reader.watch(message.logs, message.patterns));
  else if (message.kind === 'look')
    inTurn(async () => {
      await reader.look();
      tell({ kind: 'looked', id: message.id });
    });
  else
    inTurn(async () => {
      await reader.stop();
      tell({ kind: 'stopped' });
      parentPort?.close();
    });
});
