import { silentLog } from '../kernel/log.ts';
import { raise } from '../kernel/fault.ts';
import { loadConfig } from '../platform/config/index.ts';
import { createStore, restoreBackup, type Restored } from '../platform/store/index.ts';
import { migrations } from './migrations.ts';
import type { MaintenanceOptions } from './secrets-of.ts';

/** Where this home's store is; undefined for SQLite in the home folder. */
async function storeUrl({ home, env }: MaintenanceOptions): Promise<string | undefined> {
  const loaded = await loadConfig({ home, env, allowLastGood: true });
  if (!loaded.ok) raise(loaded.fault);
  const { url } = loaded.value.current().store;
  return url === undefined ? undefined : loaded.value.resolve(url);
}

/** Writes a consistent copy of the store, also while Vigiles runs. @returns its size */
export async function backUp(options: MaintenanceOptions, path: string): Promise<{ bytes: number }> {
  const url = await storeUrl(options);
  const store = await createStore({
    home: options.home,
    migrations,
    log: silentLog,
    ...(url === undefined ? {} : { url }),
  });
  try {
    return await store.backup(path);
  } finally {
    await store.close();
  }
}

/** Puts a backup in place of the store. Refused while Vigiles runs; what was there is put aside. */
export async function restore(options: MaintenanceOptions, path: string): Promise<Restored> {
  const url = await storeUrl(options);
  return restoreBackup({
    path,
    home: options.home,
    migrations,
    log: silentLog,
    ...(url === undefined ? {} : { url }),
  });
}
