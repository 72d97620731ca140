import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Skill } from '@vigiles/contract';
import { byText } from '../../../kernel/text-order.ts';
import { parseSkill } from './parse-skill.ts';

/** A folder with skill folders in it. */
export interface SkillRoot {
  path: string;
  owner: string;
}

/** Where the agents of this machine keep their skills, in one person's home. */
export const agentSkillRoots = (home: string): SkillRoot[] => [
  { path: join(home, '.claude', 'skills'), owner: 'claude' },
  { path: join(home, '.codex', 'skills'), owner: 'codex' },
  { path: join(home, '.agents', 'skills'), owner: 'agents' },
  { path: join(home, '.gemini', 'skills'), owner: 'gemini' },
];

/** Of one file; more than the front matter is not needed. */
const maxBytes = 64 * 1024;
/** Skills found in all folders together. */
const maxSkills = 2_000;
const maxDepth = 3;

async function readHead(path: string): Promise<{ text: string; updatedAt: number } | null> {
  // Not a pipe or a device: opening one could wait for ever, so it is opened without blocking and looked at.
  const file = await open(path, 0o4000).catch(() => null);
  if (!file) return null;
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return null;
    const buffer = Buffer.alloc(Math.min(maxBytes, stat.size));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return { text: buffer.toString('utf8', 0, bytesRead), updatedAt: Math.trunc(stat.mtimeMs) };
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

async function scan(
  folder: string,
  name: string,
  owner: string,
  depth: number,
  found: Skill[],
): Promise<void> {
  if (found.length >= maxSkills || depth > maxDepth) return;
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  if (depth > 0) {
    const file = entries.find((entry) => entry.name.toLowerCase() === 'skill.md' && !entry.isDirectory());
    const path = file && join(folder, file.name);
    const head = path === undefined ? null : await readHead(path);
    if (path !== undefined && head) {
      found.push(parseSkill(head.text, { folder: name, path, owner, updatedAt: head.updatedAt }));
      return;
    }
  }
  for (const entry of entries) {
    // Links are followed one level only: what is linked as a skill is one, a circle ends at the depth.
    if (entry.isDirectory() || entry.isSymbolicLink())
      await scan(join(folder, entry.name), entry.name, owner, depth + 1, found);
  }
}

/** The skills in these folders, by path; what cannot be read is left out. */
export async function scanFolders(roots: readonly SkillRoot[]): Promise<Skill[]> {
  const found: Skill[] = [];
  for (const { path, owner } of roots) await scan(path, '', owner, 0, found);
  return found.toSorted((a, b) => byText(a.name, b.name) || byText(a.path ?? '', b.path ?? ''));
}
