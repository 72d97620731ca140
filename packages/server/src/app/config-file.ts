import { parseAllDocuments } from 'yaml';
import { raise } from '../kernel/fault.ts';
import { loadConfig, type ConfigEdit } from '../platform/config/index.ts';
import type { MaintenanceOptions } from './maintenance.ts';

/** What a YAML text says, or the first thing that is wrong with it. */
export type YamlReading = { ok: true; value: unknown } | { ok: false; line: number; message: string };

/** Reads YAML that somebody else wrote: one document, no keys twice, aliases bounded. */
export function readYaml(text: string): YamlReading {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return { ok: true, value: null };
  const [document, second] = documents;
  const problem = document?.errors[0];
  if (!document || problem) {
    return {
      ok: false,
      line: problem?.linePos?.[0].line ?? 1,
      message: problem?.message.split('\n')[0] ?? 'it is not YAML',
    };
  }
  if (second) return { ok: false, line: 1, message: 'there is more than one document in it' };
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) };
  } catch (thrown) {
    return { ok: false, line: 1, message: thrown instanceof Error ? thrown.message : 'it is not YAML' };
  }
}

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
