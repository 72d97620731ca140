import type { Store } from '../../../platform/store/index.ts';
import type { RunSql } from '../../../platform/store/writer.ts';
import { commitChannel } from '../../../platform/store/postgres/channel.ts';

/** Tells the other processes on the same database, when this commits, that there is something to read. */
export async function tellOthers(run: RunSql, store: Pick<Store, 'dialect' | 'instance'>): Promise<void> {
  if (store.dialect === 'postgres') await run(`select pg_notify('${commitChannel}', $1)`, [store.instance]);
}
