import { randomUUID } from 'node:crypto';
import { storeFault } from '../faults.ts';
import type { RunSql, StoreWriter } from '../writer.ts';
import { checkpointIfWorthwhile } from './checkpoint.ts';
import { openCore } from './core.ts';

const lockWaitMs = 5_000;
/** What a thread that only appends needs of the file at once. */
const cacheKb = 2_000;
/** The thread may wait for the disk, so it moves the log into the file itself. */
const commitsBetweenCheckpoints = 50;

export function openSqliteWriter(path: string): StoreWriter {
  const core = openCore({
    path,
    readOnly: false,
    writeOnly: true,
    cacheKb,
    lockWaitMs,
    onCommitted: () => undefined,
  });
  let commits = 0;
  const run: RunSql = (sql, parameters) => {
    // After a full disk SQLite ends the transaction by itself: what follows must not be committed on its own.
    if (!core.writer.inTransaction)
      throw storeFault('store_unavailable', 'The transaction was rolled back by an earlier error.');
    return Promise.resolve(core.guarded(() => core.writer.run(sql, parameters).rows));
  };
  return {
    dialect: 'sqlite',
    instance: randomUUID(),
    async transaction(work) {
      const ending = await core.begin(true);
      try {
        const result = await work(run);
        if (!core.writer.inTransaction)
          throw storeFault('store_unavailable', 'The transaction was rolled back by an earlier error.');
        await ending.commit();
        return result;
      } catch (thrown) {
        ending.rollback();
        throw thrown;
      } finally {
        commits += 1;
        if (commits % commitsBetweenCheckpoints === 0) checkpointIfWorthwhile(core.writer);
      }
    },
    close: () => core.close(),
  };
}
