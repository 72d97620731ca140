import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The home folder: the flag, else VIGILES_HOME, else `~/.vigiles`. */
export const homeOf = (flag: string | undefined, env: NodeJS.ProcessEnv = process.env): string =>
  resolve(flag ?? (env['VIGILES_HOME'] || join(homedir(), '.vigiles')));
