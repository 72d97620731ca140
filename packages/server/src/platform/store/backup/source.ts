import type { Kysely } from 'kysely';
import { migrationLockTable, migrationTable } from '../migrate.ts';

/** What a backup reads: one consistent moment of a database. */
export interface BackupSource {
  dialect: 'sqlite' | 'postgres';
  migrations: string[];
  tables: TableShape[];
  /** The rows of a table in batches, as arrays in the order of its columns. */
  rows(table: TableShape): AsyncIterable<unknown[][]>;
}

export interface TableShape {
  name: string;
  columns: string[];
}

/** A table and one it refers to. */
export interface Reference {
  from: string;
  to: string;
}

/** Rows read at a time: a millisecond or two of work between two turns of the event loop. */
export const batchRows = 500;

/** PostgreSQL schema of the history of figures, which no backup holds. */
export const historySchema = 'vigiles_series';

/** Our tables, without the migrations' own and without the history. */
export async function listTables(db: Kysely<never>): Promise<TableShape[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  return tables
    .filter((table) => !table.isView && table.name !== migrationTable && table.name !== migrationLockTable)
    .filter((table) => table.schema !== historySchema)
    .map((table) => ({ name: table.name, columns: table.columns.map((column) => column.name) }));
}

/** Sorts the tables so that each comes after those it refers to; a circle keeps its order. */
export function orderTables(tables: readonly TableShape[], references: readonly Reference[]): TableShape[] {
  const ordered: TableShape[] = [];
  const visited = new Set<string>();
  const visit = (table: TableShape) => {
    if (visited.has(table.name)) return;
    visited.add(table.name);
    for (const { from, to } of references) {
      if (from !== table.name) continue;
      const target = tables.find((candidate) => candidate.name === to);
      if (target) visit(target);
    }
    ordered.push(table);
  };
  for (const table of tables.toSorted((a, b) => (a.name < b.name ? -1 : 1))) visit(table);
  return ordered;
}
