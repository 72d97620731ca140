import { storeFault } from '../faults.ts';
import type { RunSql } from '../writer.ts';
import type { SqliteCore } from './core.ts';

/** Plain statements in one transaction of their own, which rolls back when `work` throws. */
export async function inTransaction<R>(
  core: SqliteCore,
  durable: boolean,
  work: (run: RunSql) => Promise<R>,
): Promise<R> {
  // After a full disk SQLite ends the transaction by itself: what follows must not be committed on its own.
  const assertOpen = (): void => {
    if (!core.writer.inTransaction)
      throw storeFault('store_unavailable', 'The transaction was rolled back by an earlier error.');
  };
  const ending = await core.begin(durable);
  let open = true;
  try {
    const result = await work((sql, parameters) => {
      if (!open) throw storeFault('store_closed', 'This transaction has already ended.');
      assertOpen();
      return Promise.resolve(core.guarded(() => core.writer.run(sql, parameters).rows));
    });
    open = false;
    assertOpen();
    await ending.commit();
    return result;
  } catch (thrown) {
    open = false;
    ending.rollback();
    throw thrown;
  }
}
