import { PostgresAdapter, type Kysely } from 'kysely';

/**
 * Schema conventions, the same on both databases: ids, names and JSON are `text`, milliseconds and sequence
 * numbers `bigint`, small numbers and flags (0 or 1) `integer`.
 */
export const isPostgres = (db: Kysely<never>): boolean => db.getExecutor().adapter instanceof PostgresAdapter;

/**
 * Type of a numeric primary key that the program assigns. SQLite stores the rows in its order only when it
 * is spelled `integer`; in PostgreSQL that would end at 2^31.
 */
export const numericKeyType = (db: Kysely<never>): 'integer' | 'bigint' =>
  isPostgres(db) ? 'bigint' : 'integer';

/** Writes a JSON column: text on both databases. */
export const toJson = (value: unknown): string => JSON.stringify(value);

/** Reads a JSON column that this program wrote: its shape is the writer's promise, which the caller names. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it is a cast, and says so
export const fromJson = <T>(text: string): T => JSON.parse(text) as T;
