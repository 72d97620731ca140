import type { Kysely, Transaction } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { RunSql } from './writer.ts';

/** A feature's migrations, applied in the order of their names: `<feature>-<number>-<what>`. */
export type Migrations = Record<string, Migration>;

/** What migrations make of an empty SQLite file, at once instead of step by step. */
export interface NewSchema {
  /** Their names, sorted. */
  migrations: readonly string[];
  /** Statements, each ending with a semicolon. */
  sql: readonly string[];
}

export interface WriteOptions {
  /**
   * The commit is on disk before the promise resolves; on SQLite others see it a moment earlier, as it waits for the disk after COMMIT.
   * For money, audit and commands. PostgreSQL always does.
   */
  durable?: boolean;
}

/** Who committed: this store, or another one on the same database. */
export type CommitOrigin = 'local' | 'remote';

/** The one place where things are kept: SQLite in the home folder, or PostgreSQL. */
export interface Store {
  readonly dialect: 'sqlite' | 'postgres';
  /** The database as a feature sees it: `store.db<WatchdogTables>()`. No `stream()`: read pages, or use `report`. */
  db<Tables>(): Kysely<Tables>;
  /**
   * One write transaction. Rolls back when `work` throws. SQLite takes the write lock at the start, so that whole
   * transactions follow one another; on PostgreSQL (READ COMMITTED) a row that is read to be written needs
   * `forUpdate()`, or a relative update. Inside, use the transaction only: a write through the store would wait for it.
   */
  transaction<Tables, R>(work: (trx: Transaction<Tables>) => Promise<R>, options?: WriteOptions): Promise<R>;
  /** The same for what runs very often: plain statements in the dialect's own words, with no query builder on their way. */
  statements<R>(work: (run: RunSql) => Promise<R>, options?: WriteOptions): Promise<R>;
  /** A long read that must not block the event loop: SQLite runs it in a worker thread. Rows as plain objects. */
  report<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** A consistent copy while work goes on: a file that `restoreBackup` takes, into either database. */
  backup(path: string): Promise<{ bytes: number }>;
  /**
   * Calls `changed` soon (≤ 25 ms) after any process, this one included, has committed something; `local` is
   * what this store committed. PostgreSQL tells of other processes' commits when they appended events.
   * Returns the function that stops it.
   */
  onCommit(changed: (origin: CommitOrigin) => void): () => void;
  /** A name for this opening of the store, unlike any other's. */
  readonly instance: string;
  /** Where a broken file was put aside at this start, or null. */
  readonly quarantined: string | null;
  close(): Promise<void>;
}
