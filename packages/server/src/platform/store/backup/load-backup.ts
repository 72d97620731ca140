import { CompiledQuery, type Transaction } from 'kysely';
import { storeFault } from '../faults.ts';
import { migrate } from '../migrate.ts';
import type { Migrations } from '../store.ts';
import { readBackup } from './read-backup.ts';
import type { BackupHeader } from './format.ts';
import { listTables, type TableShape } from './source.ts';

/** Values per statement; PostgreSQL takes 65,535, SQLite 32,766. */
const maxParameters = 5_000;

/**
 * Fills an empty database from a backup, in the caller's transaction: the schema as it was, then the rows, then the
 * migrations that came after.
 */
export async function loadBackup(
  trx: Transaction<never>,
  dialect: 'sqlite' | 'postgres',
  path: string,
  header: BackupHeader,
  migrations: Migrations,
): Promise<void> {
  const then = Object.fromEntries(
    Object.entries(migrations).filter(([name]) => header.migrations.includes(name)),
  );
  await migrate(trx, then);
  await refuseUnknownTables(trx, header, path);
  // Migrations may have put first rows in; the backup has them too.
  for (const { name } of header.tables.toReversed())
    await trx.executeQuery(CompiledQuery.raw(`delete from "${name}"`));
  const insert = async (table: TableShape, rows: readonly unknown[][]) => {
    if (rows.length > 0)
      await trx.executeQuery(CompiledQuery.raw(insertText(dialect, table, rows.length), rows.flat()));
  };
  let current: TableShape | null = null;
  let batch: unknown[][] = [];
  for await (const part of readBackup(path)) {
    if (part.kind === 'header') continue;
    const full = current !== null && (batch.length + 1) * current.columns.length > maxParameters;
    if (current && (part.kind === 'end' || part.table !== current || full)) {
      await insert(current, batch);
      batch = [];
    }
    if (part.kind === 'end') break;
    current = part.table;
    batch.push(part.values);
  }
  await migrate(trx, migrations);
}

async function refuseUnknownTables(
  trx: Transaction<never>,
  header: BackupHeader,
  path: string,
): Promise<void> {
  const known = await listTables(trx);
  for (const { name, columns } of header.tables) {
    const table = known.find((candidate) => candidate.name === name);
    const missing = columns.find((column) => !table?.columns.includes(column));
    if (table && missing === undefined) continue;
    const what = table ? `column ${name}.${missing}` : `table ${name}`;
    throw storeFault('store_bad_backup', `${path} has the ${what}, which this Vigiles does not know.`);
  }
}

function insertText(dialect: 'sqlite' | 'postgres', { name, columns }: TableShape, rows: number): string {
  const group = (row: number) =>
    `(${columns.map((_, i) => (dialect === 'postgres' ? `$${row * columns.length + i + 1}` : '?')).join(',')})`;
  const list = columns.map((column) => `"${column}"`).join(', ');
  return `insert into "${name}" (${list}) values ${Array.from({ length: rows }, (_, row) => group(row)).join(',')}`;
}
