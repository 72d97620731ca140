import type { Log } from '../../../kernel/log.ts';
import { isPostgresUrl, sqlitePath } from '../place.ts';
import { refuseNewer } from '../migrate.ts';
import type { Migrations } from '../store.ts';
import { verifyBackup } from './read-backup.ts';
import { restoreSqlite } from './restore-sqlite.ts';

export interface RestoreOptions {
  /** The backup, from either database. */
  path: string;
  /** Where it goes, as for `createStore`. */
  home: string;
  url?: string;
  migrations: Migrations;
  log: Log;
}

export interface Restored {
  rows: number;
  /** UTC milliseconds at which the backup was made. */
  createdAt: number;
  /** Where the database that was there before is now, or null. */
  replaced: string | null;
}

/**
 * Restores a backup. Checks all of it before anything is touched. A SQLite database that is there is put aside, never
 * deleted (`store_in_use` while a Vigiles has it open); a PostgreSQL one has to be empty (`store_not_empty`). A
 * backup from a newer version is refused. All or nothing.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { path, home, url, migrations } = options;
  const { header, rows } = await verifyBackup(path);
  refuseNewer(header.migrations, migrations);
  const work = { path, header, migrations };
  const replaced =
    url !== undefined && isPostgresUrl(url)
      ? await (await import('./restore-postgres.ts')).restorePostgres({ ...work, url })
      : await restoreSqlite({ ...work, target: sqlitePath(url, home) });
  options.log.info({ path, rows, replaced }, 'A backup was restored');
  return { rows, createdAt: header.createdAt, replaced };
}
