import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { sha256 } from '../codex/config-file.ts';
import { CliError } from '../exit-codes.ts';
import { replaceFile } from '../files/replace-file.ts';
import { parseYaml } from '../launcher/yaml.ts';
import { SettingsError, type Agent, type AgentConnection, type Places, type SettingsFile } from './agent.ts';

/** A settings file as it is now. */
export interface FileOnDisk {
  file: SettingsFile;
  path: string;
  backupPath: string;
  /** Null when there is none yet. */
  text: string | null;
  mode: number;
}

/** What is remembered of a file that was connected. Holds no token. */
export interface FileRecord {
  path: string;
  /** Of what we wrote: unchanged means the backup can come back as it is. */
  written_sha256: string;
  existed: boolean;
  mode: number;
}

export const placesOf = (userHome: string | undefined): Places => ({
  userHome: resolve(userHome ?? homedir()),
  // A home given on the command line means that home, not what the environment says about another.
  env: userHome === undefined ? process.env : {},
});

function readSettings(path: string): { text: string | null; mode: number } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    return { text, mode: statSync(path).mode & 0o777 };
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { text: null, mode: 0o600 };
    const why = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : code;
    throw new CliError(`${path} cannot be read: ${why}.`);
  }
}

export const readFiles = (agent: Agent, places: Places): FileOnDisk[] =>
  agent.files.map((file) => {
    const path = file.path(places);
    return { file, path, backupPath: `${path}.vigiles-backup`, ...readSettings(path) };
  });

/** Runs an edit; a file that is not understood is named with its line, and nothing is written. */
export function understood<T>(path: string, edit: () => T): T {
  try {
    return edit();
  } catch (thrown) {
    if (!(thrown instanceof SettingsError)) throw thrown;
    throw new CliError(`${path}:${thrown.line}: ${thrown.message}. Nothing was changed.`);
  }
}

function checkYaml(text: string): void {
  const read = parseYaml(text);
  if (!read.ok) throw new SettingsError(read.message, read.line);
  const { value } = read;
  if (value !== null && (typeof value !== 'object' || Array.isArray(value)))
    throw new SettingsError('it is not a map of settings', 1);
}

/** A file's text with our settings in it; YAML is parsed before and after. */
export const connectedText = ({ file, path, text }: FileOnDisk, connection: AgentConnection): string =>
  understood(path, () => {
    if (file.format === 'yaml') checkYaml(text ?? '');
    const after = file.connect(text ?? '', connection);
    if (file.format === 'yaml') checkYaml(after);
    return after;
  });

/** Writes our version; the file as it was is kept beside it. `first`: it was not ours before. */
export function writeConnected(disk: FileOnDisk, after: string, before: FileRecord | undefined): FileRecord {
  const { path, backupPath, text, mode } = disk;
  if (!before && text !== null) replaceFile(backupPath, text, 0o600);
  if (after !== text) replaceFile(path, after, 0o600);
  return {
    path,
    written_sha256: sha256(after),
    existed: before?.existed ?? text !== null,
    mode: before?.mode ?? mode,
  };
}

/** Puts one file back. @returns what happened, for the person */
export function putBack(
  disk: FileOnDisk,
  record: FileRecord | undefined,
  connection: AgentConnection,
): string {
  const { file, path, backupPath, text, mode } = disk;
  const original = existsSync(backupPath) ? readFileSync(backupPath, 'utf8') : null;
  let said: string;
  if (text === null) said = `${path} is not there any more.`;
  else if (record && sha256(text) === record.written_sha256 && (original !== null || !record.existed)) {
    if (original === null) rmSync(path);
    else replaceFile(path, original, record.mode);
    said = original === null ? `${path} is gone again, as before.` : `${path} is as it was before.`;
  } else {
    const after = understood(path, () => file.disconnect(text, original ?? '', connection));
    replaceFile(path, after, record?.mode ?? mode);
    said = `Our settings are out of ${path}; what you changed since is kept.`;
  }
  rmSync(backupPath, { force: true });
  return said;
}
