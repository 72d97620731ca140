import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/**
 * The only module that knows node:sqlite (its class names are not stable across Node majors).
 * Synchronous; throws what node:sqlite throws: `errcode` is SQLite's extended result code.
 */
export interface SqliteHandle {
  readonly path: string;
  /** True between BEGIN and the end of the transaction, however it ended. */
  readonly inTransaction: boolean;
  /** Statements without parameters and results: pragmas, BEGIN, DDL. Never cached. */
  exec(sql: string): void;
  /** Any statement; rows as plain objects, `changes` for those that return none. */
  run(sql: string, parameters: readonly unknown[]): { rows: Record<string, unknown>[]; changes: number };
  /** Rows one by one, on a statement of its own. */
  iterate(sql: string, parameters: readonly unknown[]): IterableIterator<Record<string, unknown>>;
  /** The first column of the first row. */
  value(sql: string): unknown;
  close(): void;
}

export interface OpenOptions {
  readOnly?: boolean;
  /** How long SQLite itself waits for a lock, blocking this thread. */
  busyTimeoutMs: number;
}

interface Prepared {
  statement: StatementSync;
  columns: string[];
}

const cacheSize = 300;

export function openSqlite(path: string, options: OpenOptions): SqliteHandle {
  const database = new DatabaseSync(path, {
    readOnly: options.readOnly ?? false,
    timeout: options.busyTimeoutMs,
    enableForeignKeyConstraints: true,
  });
  const cache = new Map<string, Prepared>();

  const prepare = (sql: string): Prepared => {
    const statement = database.prepare(sql);
    // Arrays and our own plain objects: faster than node's, whose objects have no prototype and equal nothing.
    statement.setReturnArrays(true);
    return { statement, columns: statement.columns().map((column) => column.name) };
  };
  const cached = (sql: string): Prepared => {
    const known = cache.get(sql);
    if (known) {
      // Move to the young end: a Map iterates in insertion order.
      cache.delete(sql);
      cache.set(sql, known);
      return known;
    }
    const prepared = prepare(sql);
    cache.set(sql, prepared);
    if (cache.size > cacheSize) {
      for (const oldest of cache.keys()) {
        cache.delete(oldest);
        break;
      }
    }
    return prepared;
  };

  return {
    path,
    get inTransaction() {
      return database.isTransaction;
    },
    exec: (sql) => database.exec(sql),
    run(sql, parameters) {
      const prepared = cached(sql);
      const bound = bindableAll(parameters);
      if (prepared.columns.length === 0) {
        return { rows: [], changes: Number(prepared.statement.run(...bound).changes) };
      }
      const arrays = prepared.statement.all(...bound) as unknown as unknown[][];
      return { rows: arrays.map((values) => toRow(prepared, values)), changes: 0 };
    },
    *iterate(sql, parameters) {
      const prepared = prepare(sql);
      for (const values of prepared.statement.iterate(...parameters.map(bindable))) {
        yield toRow(prepared, values as unknown as unknown[]);
      }
    },
    value(sql) {
      const first = database.prepare(sql).get();
      return first === undefined ? undefined : Object.values(first)[0];
    },
    close() {
      cache.clear();
      if (database.isOpen) database.close();
    },
  };
}

function toRow(prepared: Prepared, values: unknown[]): Record<string, unknown> {
  if (values.length !== prepared.columns.length) {
    // Another process changed the table and SQLite prepared the statement anew.
    prepared.columns = prepared.statement.columns().map((column) => column.name);
  }
  const row: Record<string, unknown> = {};
  for (let i = 0; i < values.length; i += 1) row[prepared.columns[i] ?? ''] = values[i];
  return row;
}

/** Nearly always they are bindable as they are. */
const bindableAll = (values: readonly unknown[]): readonly SQLInputValue[] =>
  values.every((value) => typeof value === 'string' || typeof value === 'number' || value === null)
    ? values
    : values.map(bindable);

/** What SQLite can hold: booleans become 0 and 1, `undefined` NULL; a Date or an object is a mistake. */
function bindable(value: unknown): SQLInputValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(
    `A ${Object.prototype.toString.call(value)} cannot be stored; write JSON text or milliseconds`,
  );
}
