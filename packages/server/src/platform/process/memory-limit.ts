import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where Linux shows them; others in tests. */
const linux = { proc: '/proc', cgroup: '/sys/fs/cgroup' };

/** Version 1 writes a number near 2^63 for no limit. */
const noLimit = 2 ** 60;

/**
 * What its control groups let a process have of memory, in bytes: the least of them all. Null: no limit, or nobody can tell.
 * Version 2 (`memory.max`) and version 1 (`memory.limit_in_bytes`) of cgroups(7).
 */
export async function memoryLimitOf(pid: number, { proc, cgroup } = linux): Promise<number | null> {
  const groups = await textOf(join(proc, String(pid), 'cgroup'));
  let least: number | null = null;
  for (const line of groups.split('\n')) {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === '') continue;
    const first = controllers.split(',').includes('memory');
    if (controllers !== '' && !first) continue;
    const root = first ? join(cgroup, 'memory') : cgroup;
    const file = first ? 'memory.limit_in_bytes' : 'memory.max';
    // A process in a container may be told a path outside of what it can see.
    for (let at = join(root, path); at.startsWith(root); at = dirname(at)) {
      const bytes = Number((await textOf(join(at, file))).trim() || 'max');
      if (bytes > 0 && bytes < noLimit && bytes < (least ?? Number.POSITIVE_INFINITY)) least = bytes;
      if (at === root) break;
    }
  }
  return least;
}

const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
