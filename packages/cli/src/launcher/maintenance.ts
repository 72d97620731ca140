import { changeConfigFile, readConfigFile, secretsOf } from '@vigiles/server/offline';
import { asCliError } from './cli-error.ts';

/** Work on a home folder that needs no running Vigiles. Faults become messages with exit codes. */
async function guarded<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw asCliError(thrown);
  }
}

export const writeBackup = (home: string, path: string) =>
  guarded(async () => (await import('@vigiles/server')).backUp({ home, env: process.env }, path));

export const restoreFrom = (home: string, path: string) =>
  guarded(async () => (await import('@vigiles/server')).restore({ home, env: process.env }, path));

/** From a place of `backups.targets`. */
export const restoreRelayedTo = (home: string, wanted: { target: string; name?: string; key?: string }) =>
  guarded(async () => (await import('@vigiles/server')).restoreRelayed({ home, env: process.env }, wanted));

export const listSecrets = (home: string) => guarded(() => secretsOf({ home, env: process.env }).list());

export const setSecret = (home: string, name: string, value: string) =>
  guarded(() => secretsOf({ home, env: process.env }).set(name, value));

export const removeSecret = (home: string, name: string) =>
  guarded(() => secretsOf({ home, env: process.env }).remove(name));

/** `vigiles.yaml` of a home on which nothing runs. */
export const offlineConfig = (home: string) => guarded(() => readConfigFile({ home, env: process.env }));

/** Changes it, checked first as with the API. */
export const changeOfflineConfig = (home: string, edits: { path: (string | number)[]; value: unknown }[]) =>
  guarded(() => changeConfigFile({ home, env: process.env }, edits));
