import type { RollbackPreview } from '@vigiles/contract';

export interface UnsaidFile {
  path: string;
  kind: 'created' | 'modified' | 'deleted';
}

/** What going back to the beginning would do to a file says what has happened to it since. */
const since = { delete: 'created', restore: 'modified', recreate: 'deleted' } as const;

/**
 * Files that are not as they were at a checkpoint and that no event of the agent is about: its commands changed them, or somebody else.
 * @param said paths of the agent's events, relative or whole
 */
export function unsaidFiles(
  { changes, folder }: Pick<RollbackPreview, 'changes' | 'folder'>,
  said: readonly string[],
): UnsaidFile[] {
  const known = new Set(
    said.map((path) => (path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path)),
  );
  return changes
    .filter(({ path }) => !known.has(path))
    .map(({ path, kind }) => ({ path, kind: since[kind] }));
}
