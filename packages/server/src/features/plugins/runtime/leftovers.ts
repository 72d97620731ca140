import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, killTree, type ProcessIdentity } from '../../../platform/process/index.ts';

/**
 * Remembers which processes are ours, by pid and start time, so that a control that was killed leaves nothing behind: plugins
 * leave by themselves when their line breaks, one that hangs does not.
 */
export function createLeftovers(home: string) {
  const folder = join(home, 'run');
  const path = join(folder, 'plugins.json');

  return {
    keep(identities: readonly ProcessIdentity[]): void {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.new`, JSON.stringify(identities), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
    /** Ends what an earlier control has left. @returns how many there were */
    async end(): Promise<number> {
      let known: ProcessIdentity[] = [];
      try {
        const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
        if (Array.isArray(read)) known = read as ProcessIdentity[];
      } catch {
        return 0;
      }
      const alive = known.filter((one) => typeof one?.pid === 'number' && isAlive(one));
      await Promise.all(alive.map((one) => killTree(one, { termTimeoutMs: 0 })));
      return alive.length;
    },
  };
}
