import { randomUUID } from 'node:crypto';
import type { StoreWriter } from '../writer.ts';
import { checkpointIfWorthwhile } from './checkpoint.ts';
import { openCore } from './core.ts';
import { inTransaction } from './in-transaction.ts';

const lockWaitMs = 5_000;
/** The thread may wait for the disk, so it moves the log into the file itself. */
const commitsBetweenCheckpoints = 50;

export function openSqliteWriter(path: string): StoreWriter {
  const core = openCore({
    path,
    readOnly: false,
    writeOnly: true,
    lockWaitMs,
    onCommitted: () => undefined,
  });
  let commits = 0;
  return {
    dialect: 'sqlite',
    instance: randomUUID(),
    async transaction(work) {
      try {
        return await inTransaction(core, true, work);
      } finally {
        commits += 1;
        if (commits % commitsBetweenCheckpoints === 0) checkpointIfWorthwhile(core.writer);
      }
    },
    close: () => core.close(),
  };
}
