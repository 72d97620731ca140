import { openSqlite } from './node-sqlite.ts';
import { migrationTable } from '../migrate.ts';
import type { NewSchema } from '../store.ts';

const quoted = (value: unknown): string =>
  typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;

/** What a freshly migrated file holds, as SQL that makes the same of an empty one. */
export function describeSchema(path: string): NewSchema {
  const database = openSqlite(path, { readOnly: true, busyTimeoutMs: 1000 });
  try {
    const made = database.run(
      `select type, name, sql from sqlite_master where sql is not null and name not like 'sqlite\\_%' escape '\\' order by rowid`,
      [],
    ).rows;
    const tables = made.filter(({ type }) => type === 'table').map(({ name }) => String(name));
    const sql = made.map((one) => `${String(one['sql'])};`);
    for (const table of tables.filter((name) => name !== migrationTable)) {
      for (const row of database.run(`select * from "${table}"`, []).rows)
        sql.push(`insert into "${table}" values (${Object.values(row).map(quoted).join(', ')});`);
    }
    const names = database.run(`select name from ${migrationTable} order by name`, []).rows;
    const migrations = names.map(({ name }) => String(name));
    const now = `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`;
    const rows = migrations.map((name) => `(${quoted(name)}, ${now})`);
    sql.push(`insert into ${migrationTable} (name, timestamp) values ${rows.join(', ')};`);
    return { migrations, sql };
  } finally {
    database.close();
  }
}
