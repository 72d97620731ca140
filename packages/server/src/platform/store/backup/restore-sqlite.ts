import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { storeFault } from '../faults.ts';
import { findDamage } from '../sqlite/integrity.ts';
import { openPresence } from '../sqlite/presence.ts';
import { setAside } from '../sqlite/set-aside.ts';
import { fillSqliteFile } from '../sqlite/fill-file.ts';
import type { Migrations } from '../store.ts';
import type { BackupHeader } from './format.ts';
import { loadBackup } from './load-backup.ts';

/** Builds the restored database beside the present one, checks it, and only then changes places. */
export async function restoreSqlite(work: {
  path: string;
  header: BackupHeader;
  migrations: Migrations;
  target: string;
}): Promise<string | null> {
  const { path, header, migrations, target } = work;
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const presence = openPresence(target);
  const building = `${target}.restoring`;
  const clear = () => {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(building + suffix, { force: true });
  };
  try {
    if (!presence.tryAlone()) {
      throw storeFault('store_in_use', `A running Vigiles has ${target} open; stop it first.`);
    }
    clear();
    await fillSqliteFile(building, (trx) => loadBackup(trx, 'sqlite', path, header, migrations));
    const damage = findDamage(building);
    if (damage !== null)
      throw storeFault('store_bad_backup', `The restored database is not sound: ${damage}`);
    const replaced = existsSync(target) ? setAside(target, 'replaced', Date.now()) : null;
    renameSync(building, target);
    return replaced;
  } finally {
    clear();
    presence.close();
  }
}
