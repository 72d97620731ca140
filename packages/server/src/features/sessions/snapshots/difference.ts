import { git, type GitPlace } from './git.ts';

/** What going back does to one file. */
export interface RestoreChange {
  path: string;
  /** `restore`: its earlier content comes back; `recreate`: it was deleted since; `delete`: it was made since. */
  kind: 'restore' | 'recreate' | 'delete';
}

const submodule = '160000';
const kinds: Record<string, RestoreChange['kind']> = {
  A: 'recreate',
  D: 'delete',
  M: 'restore',
  T: 'restore',
};

/** What must happen for the files of `now` to be those of `wanted`; both are trees. */
export async function difference(place: GitPlace, now: string, wanted: string): Promise<RestoreChange[]> {
  const raw = await git(place, ['diff-tree', '-r', '-z', '--no-renames', '--raw', now, wanted]);
  const parts = raw.split('\0');
  const changes: RestoreChange[] = [];
  // `:100644 100644 <sha> <sha> M`, then the path.
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const [before, after, , , letter = ''] = (parts[i] ?? '').replace(/^:/, '').split(' ');
    const kind = kinds[letter.slice(0, 1)];
    const path = parts[i + 1] ?? '';
    if (kind === undefined || path === '' || before === submodule || after === submodule) continue;
    changes.push({ path, kind });
  }
  return changes;
}
