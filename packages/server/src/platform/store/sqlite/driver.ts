import { SelectQueryNode } from 'kysely';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import { storeFault } from '../faults.ts';
import type { Ending, SqliteCore } from './core.ts';

/**
 * One Kysely connection. Outside a transaction, selects go to the reading connection (they never wait and
 * never see another task's open transaction), everything else is a write transaction of its own.
 */
class RoutedConnection implements DatabaseConnection {
  readonly core: SqliteCore;
  ending: Ending | null = null;
  ended = false;

  constructor(core: SqliteCore) {
    this.core = core;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { sql, parameters } = query;
    if (this.ending) {
      this.assertOpen();
      return asResult(this.core.guarded(() => this.core.writer.run(sql, parameters)));
    }
    if (this.ended) throw storeFault('store_closed', 'This transaction has already ended.');
    if (SelectQueryNode.is(query.query)) {
      return asResult(this.core.guarded(() => this.core.reader.run(sql, parameters)));
    }
    return asResult(await this.core.write(sql, parameters));
  }

  async *streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    const handle = this.ending ? this.core.writer : this.core.reader;
    let rows: R[] = [];
    for (const row of handle.iterate(query.sql, query.parameters)) {
      rows.push(row as R);
      if (rows.length < chunkSize) continue;
      yield { rows };
      rows = [];
    }
    if (rows.length > 0) yield { rows };
  }

  /** After a full disk SQLite ends the transaction by itself: what follows must not be committed on its own. */
  assertOpen(): void {
    if (this.core.writer.inTransaction) return;
    throw storeFault('store_unavailable', 'The transaction was rolled back by an earlier error.');
  }
}

function asResult<R>(result: { rows: Record<string, unknown>[]; changes: number }): QueryResult<R> {
  return { rows: result.rows as R[], numAffectedRows: BigInt(result.changes) };
}

/** Transactions of a driver made with `durable` are on disk once committed. */
export function createSqliteDriver(core: SqliteCore, durable: boolean): Driver {
  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(new RoutedConnection(core)),
    async beginTransaction(connection) {
      (connection as RoutedConnection).ending = await core.begin(durable);
    },
    async commitTransaction(connection) {
      const routed = connection as RoutedConnection;
      routed.assertOpen();
      await routed.ending?.commit();
      routed.ending = null;
      routed.ended = true;
    },
    async rollbackTransaction(connection) {
      const routed = connection as RoutedConnection;
      routed.ending?.rollback();
      routed.ending = null;
      routed.ended = true;
    },
    releaseConnection: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  };
}
