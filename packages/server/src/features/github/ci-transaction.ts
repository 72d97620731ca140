import { sql } from 'kysely';
import type { EventLog, EventTransaction } from '../../platform/event-log/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { GithubTables } from './tables.ts';

export type CiTransaction = <R>(work: (tx: EventTransaction<GithubTables>) => Promise<R>) => Promise<R>;

const ciLockKey = 7_166_221_004;

/**
 * Transactions about CI follow one another, also those of two controls on one PostgreSQL: a webhook, a look at GitHub, a
 * re-run's end and a person may be about the same run at once, and each writes what it made of what it read.
 */
export function createCiTransaction(store: Store, events: EventLog): CiTransaction {
  return <R>(work: (tx: EventTransaction<GithubTables>) => Promise<R>) =>
    events.transaction<GithubTables, R>(
      async (tx) => {
        if (store.dialect === 'postgres')
          await sql`select pg_advisory_xact_lock(${sql.lit(ciLockKey)})`.execute(tx.db);
        return work(tx);
      },
      { durable: true },
    );
}
