import { execFileSync } from 'node:child_process';
import { checkLayers } from './layers.ts';
import { checkMaterials } from './materials.ts';
import { checkWaysOut } from './ways-out.ts';
import { readSourceFile } from './source-file.ts';
import type { Breach } from './breach.ts';

/** The source files of a tree: what git tracks and what it does not ignore. */
export function listSources(root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  const deleted = new Set(
    execFileSync('git', ['ls-files', '--deleted', '-z'], { cwd: root, encoding: 'utf8' }).split('\0'),
  );
  return listed
    .split('\0')
    .filter((path) => /\.(ts|tsx|mjs|js)$/.test(path) && !path.includes('__fixtures__') && !deleted.has(path))
    .toSorted();
}

/** Every breach in the tree, and how many files were looked at: no files is an error, not a clean result. */
export function lintTree(root: string): { files: number; breaches: Breach[] } {
  const sources = listSources(root);
  const breaches = sources.flatMap((path) => {
    const file = readSourceFile(root, path);
    return [...checkLayers(file), ...checkMaterials(file), ...checkWaysOut(file)];
  });
  return { files: sources.length, breaches };
}
