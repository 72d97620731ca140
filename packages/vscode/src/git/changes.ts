import { join } from 'node:path';
import { runGit } from './run-git.ts';

/** A file that is not as it was. */
export interface Change {
  /** Below the folder, with forward slashes. */
  path: string;
  kind: 'added' | 'changed' | 'deleted';
}

/** What changed in a folder since a moment. */
export interface Changes {
  /** Top of the working tree. */
  folder: string;
  /** The commit that stood there then; null where there was none yet. */
  commit: string | null;
  changes: Change[];
}

const kinds: Record<string, Change['kind']> = { A: 'added', D: 'deleted' };
const mostChanges = 2000;
const splitNul = (text: string): string[] => text.split('\0').filter((part) => part !== '');

/** The empty tree: what there is before a first commit. */
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/**
 * What an agent changed in its folder since its session began: against the commit that was checked out then, so that what it
 * has committed since counts too, and what git has never seen. Rejects where the folder is no git repository.
 * @param sinceMs UTC ms
 */
export async function changesSince(folder: string, sinceMs: number): Promise<Changes> {
  const top = (await runGit(folder, ['rev-parse', '--show-toplevel'])).trim();
  const before = `--before=${Math.floor(sinceMs / 1000)}`;
  const found = await runGit(top, ['rev-list', '-1', before, 'HEAD']).catch(() => '');
  const commit = found.trim() || null;
  const listed = splitNul(
    await runGit(top, [
      'diff',
      '--name-status',
      '--no-renames',
      '--no-ext-diff',
      '--no-textconv',
      '--ignore-submodules',
      '-z',
      commit ?? emptyTree,
      '--',
    ]),
  );
  const changes: Change[] = [];
  for (let at = 0; at + 1 < listed.length; at += 2) {
    const [letter = '', path = ''] = [listed[at], listed[at + 1]];
    changes.push({ path, kind: kinds[letter] ?? 'changed' });
  }
  const untracked = splitNul(await runGit(top, ['ls-files', '--others', '--exclude-standard', '-z']));
  for (const path of untracked) changes.push({ path, kind: 'added' });
  changes.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { folder: top, commit, changes: changes.slice(0, mostChanges) };
}

/** A file as a commit has it. */
export const fileAt = (folder: string, commit: string, path: string): Promise<string> =>
  runGit(folder, ['show', '--no-textconv', `${commit}:${path}`]);

export const fileNow = ({ folder }: Pick<Changes, 'folder'>, path: string): string => join(folder, path);
