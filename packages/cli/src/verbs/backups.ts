import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ActionRun, BackupFile, BackupList } from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { readControlFile } from '../client/control-file.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { say, sayJson } from '../output/print.ts';
import { count } from '../output/units.ts';

interface Options {
  home?: string;
  json?: boolean;
}

const base = '/api/v1/backups';
const pollMs = 250;

/** `vigiles backups list [target]` */
export async function listBackupsVerb(target: string | undefined, { home, json }: Options): Promise<void> {
  const api = connect(homeOf(home));
  const { backupFilesView, backupsView } = await import('../views/backups.ts');
  if (target === undefined) {
    const list = await api.get<BackupList>(base);
    return json ? sayJson(list) : say(backupsView(list.targets));
  }
  const answer = await api.get<{ files: BackupFile[] }>(`${base}/${encodeURIComponent(target)}/files`);
  return json ? sayJson(answer) : say(backupFilesView(answer.files));
}

/** `vigiles backups run <target>` */
export async function runBackupVerb(target: string, { home, json }: Options): Promise<void> {
  const api = connect(homeOf(home));
  let run = await api.send<ActionRun>('POST', `${base}/${encodeURIComponent(target)}/run`, {});
  while (run.state !== 'finished') {
    await delay(pollMs);
    run = await api.get<ActionRun>(`/api/v1/actions/runs/${run.id}`);
  }
  if (json) sayJson(run);
  else if (run.outcome === 'fixed') say(`The backup is at ${target}; it was read back.`);
  if (run.outcome !== 'fixed') throw new CliError(`No backup was made: ${run.message}`, 6);
}

/** `vigiles backups restore <target> [file]` */
export async function restoreBackupVerb(
  target: string,
  name: string | undefined,
  { home, json, identity }: Options & { identity?: string },
): Promise<void> {
  const folder = homeOf(home);
  if (readControlFile(folder)) throw new CliError('Vigiles is running; stop it before restoring.');
  const key = identity === undefined ? undefined : keyIn(identity);
  const { restoreRelayedTo } = await import('../launcher/maintenance.ts');
  const restored = await restoreRelayedTo(folder, {
    target,
    ...(name === undefined ? {} : { name }),
    ...(key === undefined ? {} : { key }),
  });
  if (json) return sayJson(restored);
  say(
    `Restored ${count(restored.rows)} rows of ${new Date(restored.createdAt).toISOString()} from ${restored.file}.`,
  );
  if (restored.replaced !== null) say(`What was there before is now ${restored.replaced}.`);
}

/** The identity of an age key file, whose other lines are comments; else the first line is a passphrase. */
function keyIn(path: string): string {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const key = lines.find((line) => line.startsWith('AGE-SECRET-KEY-')) ?? lines[0];
  if (key === undefined) throw new CliError(`${path} has no identity and no passphrase.`, exitCode.usage);
  return key;
}
