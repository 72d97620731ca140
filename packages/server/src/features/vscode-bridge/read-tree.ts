import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TreeEntry } from '@vigiles/contract';

const mostEntries = 2000;
const deepest = 5;
const passedOver = new Set(['node_modules', 'dist', 'build', 'target', '__pycache__']);

/** Folders and files below the roots, without hidden ones and links; `truncated` where there are more than are told. */
export async function readTree(
  roots: readonly string[],
): Promise<{ roots: TreeEntry[]; truncated: boolean }> {
  let left = mostEntries;
  let truncated = false;
  async function below(folder: string, depth: number): Promise<TreeEntry[]> {
    const found = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const entries: TreeEntry[] = [];
    for (const entry of found.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || passedOver.has(entry.name)) continue;
      if (!entry.isDirectory() && !entry.isFile()) continue;
      if (left === 0) {
        truncated = true;
        break;
      }
      left -= 1;
      const path = join(folder, entry.name);
      if (entry.isFile()) entries.push({ name: entry.name, path, kind: 'file' });
      else {
        if (depth === deepest) truncated = true;
        // oxlint-disable-next-line no-await-in-loop -- one allowance for all
        const children = depth === deepest ? [] : await below(path, depth + 1);
        entries.push({ name: entry.name, path, kind: 'folder', children });
      }
    }
    return entries;
  }
  const told: TreeEntry[] = [];
  for (const root of roots)
    // oxlint-disable-next-line no-await-in-loop -- one allowance for all
    told.push({ name: basename(root), path: root, kind: 'folder', children: await below(root, 1) });
  return { roots: told, truncated };
}
