import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { codexHome, readCodexFile, sha256, understood } from '../codex/config-file.ts';
import { readRecord, removeRecord } from '../codex/connection-record.ts';
import { disconnectCodex, tokenIn } from '@vigiles/contract';
import { revoke } from '../connect/revoke.ts';
import { CliError } from '../exit-codes.ts';
import { replaceFile } from '../files/replace-file.ts';
import { homeOf } from '../home.ts';
import { say } from '../output/print.ts';

/**
 * `vigiles disconnect codex`: the file comes back byte for byte when nobody touched it since; otherwise only
 * our lines go. Needs no running Vigiles, except to revoke the device.
 */
export async function disconnectCodexVerb(options: { home?: string; codexHome?: string }): Promise<void> {
  const home = homeOf(options.home);
  const record = readRecord(home);
  const folder =
    options.codexHome === undefined && record ? dirname(record.config_path) : codexHome(options.codexHome);
  const file = readCodexFile(folder);
  if (file.text === null || (!record && understood(file.path, () => tokenIn(file.text ?? '')) === null)) {
    if (record) {
      await revoke(home, record.device_id);
      removeRecord(home);
    }
    throw new CliError(`Codex is not connected: ${file.path} has no provider of ours.`);
  }
  const current = file.text;
  const original = existsSync(file.backupPath) ? readFileSync(file.backupPath, 'utf8') : null;
  if (record && sha256(current) === record.written_sha256 && (original !== null || !record.existed)) {
    if (original === null) rmSync(file.path);
    else replaceFile(file.path, original, record.mode);
    say(original === null ? `${file.path} is gone again, as before.` : `${file.path} is as it was before.`);
  } else {
    const after = understood(file.path, () =>
      disconnectCodex(current, original ?? '', record?.model_set ?? undefined),
    );
    replaceFile(file.path, after, record?.mode ?? file.mode);
    say(`Our lines are out of ${file.path}; what you changed since is kept.`);
  }
  rmSync(file.backupPath, { force: true });
  if (record) await revoke(home, record.device_id);
  removeRecord(home);
}
