import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { CliError } from '../exit-codes.ts';
import { TomlOutlineError } from '@vigiles/contract';

export interface CodexFile {
  path: string;
  backupPath: string;
  /** Null when there is no file yet. */
  text: string | null;
  mode: number;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Codex's folder: the flag, else CODEX_HOME, else `~/.codex`. */
export const codexHome = (flag: string | undefined): string =>
  resolve(flag ?? (process.env['CODEX_HOME'] || join(homedir(), '.codex')));

/** Reads a config.toml; anything but UTF-8 is refused, because it could not be written back as it was. */
export function readCodexFile(folder: string): CodexFile {
  const path = join(folder, 'config.toml');
  const backupPath = `${path}.vigiles-backup`;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    return { path, backupPath, text, mode: statSync(path).mode & 0o777 };
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { path, backupPath, text: null, mode: 0o600 };
    throw new CliError(
      `${path} cannot be read: ${code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : code}.`,
    );
  }
}

/** Runs an edit; a file that is not understood is named with its line, and nothing is written. */
export function understood<T>(path: string, edit: () => T): T {
  try {
    return edit();
  } catch (thrown) {
    if (!(thrown instanceof TomlOutlineError)) throw thrown;
    throw new CliError(`${path}:${thrown.line}: ${thrown.message}. Nothing was changed.`);
  }
}
