import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectCodex, tokenIn } from '@vigiles/contract';
import type { ActionContext } from './define-action.ts';
import { readPlainFile } from './keepsakes.ts';

/** What `vigiles connect codex` wrote down; the parts that are needed here. */
interface Record {
  config_path: string;
  written_sha256: string;
  /** False: there was no file before. */
  existed: boolean;
  /** The model that was chosen for a user who had none. */
  model_set: string | null;
}

export const recordPath = (home: string): string => join(home, 'connections', 'codex.json');

export async function readRecord(home: string): Promise<Record | null> {
  try {
    const read = JSON.parse(await readFile(recordPath(home), 'utf8')) as Partial<Record>;
    const { config_path, written_sha256, existed = true, model_set = null } = read;
    return typeof config_path === 'string' && typeof written_sha256 === 'string'
      ? { config_path, written_sha256, existed, model_set }
      : null;
  } catch {
    return null;
  }
}

/** Codex's config.toml that is meant: the one that was connected, else the usual one; null: another file is meant. */
export async function codexFileOf(context: ActionContext<unknown>): Promise<string | null> {
  const { targetClass, targetName, home, codexHome } = context;
  const path = (await readRecord(home))?.config_path ?? join(codexHome, 'config.toml');
  return targetClass === 'agent' || targetName === path ? path : null;
}

/** Reads the token out of a file that cannot be read as TOML any more. */
const tokenInRuins = (text: string): string | null =>
  /^\s*experimental_bearer_token\s*=\s*"([A-Za-z0-9_-]{8,200})"\s*$/m.exec(text)?.[1] ?? null;

const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

export interface Regenerated {
  path: string;
  mode: number;
  before: Buffer;
  text: string;
  /** From the backup: the file itself could not be read. */
  fromBackup: boolean;
}

/**
 * Codex's file as `vigiles connect codex` would write it now, with the token it has. What cannot be read as TOML is
 * made anew from the backup of the user's own file, or from nothing where there was none. A text says why that cannot be done.
 */
export async function regenerateCodex(context: ActionContext<unknown>): Promise<Regenerated | string> {
  const path = await codexFileOf(context);
  if (path === null) return `${context.targetName} is not the config.toml that was connected`;
  const baseUrl = await context.gateway.url();
  if (baseUrl === null) return 'the gateway does not run, so its address is not known';
  try {
    const found = await readPlainFile(path);
    if (!found) return `${path} is not there; run: vigiles connect codex`;
    const made = { path, mode: found.mode, before: found.bytes };
    const raw = found.bytes.toString('utf8');
    try {
      const text = decode(found.bytes);
      const known = tokenIn(text);
      if (!known) return `${path} is not connected; run: vigiles connect codex`;
      return { ...made, text: connectCodex(text, { baseUrl, token: known.token }), fromBackup: false };
    } catch {
      const token = tokenInRuins(raw);
      const backup = await readPlainFile(`${path}.vigiles-backup`);
      const record = await readRecord(context.home);
      // A user who had no file before has nothing to come back to but ours.
      const own = backup ? decode(backup.bytes) : record?.existed === false ? '' : null;
      if (token === null || own === null)
        return `${path} cannot be read, and there is no backup to make it anew from`;
      const model = record?.model_set ?? undefined;
      return { ...made, text: connectCodex(own, { baseUrl, token, model }), fromBackup: true };
    }
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
