import { resolve } from 'node:path';
import { readControlFile } from '../client/control-file.ts';
import { CliError } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { say } from '../output/print.ts';
import { count } from '../output/units.ts';

/** `vigiles backup <file>`: works while Vigiles runs. */
export async function backup(file: string, { home }: { home?: string }): Promise<void> {
  const { writeBackup } = await import('../launcher/maintenance.ts');
  const { bytes } = await writeBackup(homeOf(home), resolve(file));
  say(`${file}: ${count(bytes)} bytes`);
}

/** `vigiles restore <file>`: only while Vigiles does not run. */
export async function restoreVerb(file: string, { home }: { home?: string }): Promise<void> {
  const folder = homeOf(home);
  if (readControlFile(folder)) throw new CliError('Vigiles is running; stop it before restoring.');
  const { restoreFrom } = await import('../launcher/maintenance.ts');
  const { rows, createdAt, replaced } = await restoreFrom(folder, resolve(file));
  say(`Restored ${count(rows)} rows of ${new Date(createdAt).toISOString()}.`);
  if (replaced !== null) say(`What was there before is now ${replaced}.`);
}
