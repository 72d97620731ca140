import { raise } from '../kernel/fault.ts';
import { loadConfig, type ConfigEdit } from '../platform/config/index.ts';
import type { MaintenanceOptions } from './secrets-of.ts';

/** Writes edits into a home's vigiles.yaml while nothing runs; the result is checked first, as with the API. @returns changed paths */
export async function changeConfigFile(
  { home, env }: MaintenanceOptions,
  edits: readonly ConfigEdit[],
): Promise<string[]> {
  const loaded = await loadConfig({ home, env });
  if (!loaded.ok) raise(loaded.fault);
  const result = await loaded.value.change(edits, 'cli');
  if (!result.ok) raise(result.fault);
  return result.value.changed;
}

/** The configuration in force for a home, without secret values, and the file's path. */
export async function readConfigFile({ home, env }: MaintenanceOptions) {
  const loaded = await loadConfig({ home, env });
  if (!loaded.ok) raise(loaded.fault);
  return { path: loaded.value.path, config: loaded.value.describe() };
}
