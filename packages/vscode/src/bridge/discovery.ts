import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { BridgeDiscovery } from '@vigiles/contract';

/** The home folder of Vigiles: the setting, else VIGILES_HOME, else `~/.vigiles`. */
export const homeOf = (setting: string, env: NodeJS.ProcessEnv = process.env): string =>
  setting || env['VIGILES_HOME'] || join(homedir(), '.vigiles');

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/**
 * The way to the bridge of a home folder; null where none is open. Throws, with what is wrong, for a file that others could have
 * read or written: whoever can write it could lead the editor anywhere.
 */
export async function readDiscovery(home: string): Promise<BridgeDiscovery | null> {
  const path = join(home, 'run', 'vscode-bridge.json');
  const handle = await open(path, 'r').catch(() => null);
  if (!handle) return null;
  try {
    const { size, mode, uid } = await handle.stat();
    if (process.platform !== 'win32' && ((mode & 0o077) !== 0 || uid !== process.getuid?.()))
      throw new Error(`${path} is not private to you; Vigiles leaves it with mode 600`);
    if (size > 16_384) throw new Error(`${path} is too large`);
    const found = BridgeDiscovery.safeParse(JSON.parse(await handle.readFile('utf8')));
    if (!found.success) throw new Error(`${path} is of another version of Vigiles`);
    const { url, port, pid } = found.data;
    if (url !== `http://127.0.0.1:${port}`) throw new Error(`${path} leads away from this machine`);
    return isAlive(pid) ? found.data : null;
  } finally {
    await handle.close();
  }
}
