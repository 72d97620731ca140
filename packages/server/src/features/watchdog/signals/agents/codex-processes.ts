import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readProcess, type ProcessIdentity } from '../../../../platform/process/index.ts';

/** A running Codex of this user. */
export interface CodexProcess {
  identity: ProcessIdentity;
  /** Its CODEX_HOME. */
  home: string | null;
  rssBytes: number;
  /** Session files it holds open. */
  rollouts: readonly string[];
  /** Files its output goes to, where it is no terminal and no pipe. */
  outputs: readonly { path: string; stream: 'stdout' | 'stderr' }[];
}

/** The program itself, by its file: an argument or a title may say anything. Not the launcher of npm, which is Node. */
const program = /^codex(-[a-z0-9_]+)*(\.exe)?$/;
/** Below `/dev/shm` lie files, in memory. */
const device = /^\/dev\/(?!shm\/)/;
const rollout = /\/sessions\/.*\/rollout-[^/]+\.jsonl$/;

/** Codex processes that can be looked into; none where there is no /proc. Reads little, and waits for nothing. */
export async function findCodex(): Promise<CodexProcess[]> {
  const pids = (await readdir('/proc').catch((): string[] => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(lookAt));
  return found.filter((one) => one !== null);
}

async function lookAt(pid: string): Promise<CodexProcess | null> {
  // Of other users nothing can be read: those are theirs.
  const file = await readlink(`/proc/${pid}/exe`).catch(() => '');
  if (!program.test(basename(file.replace(/ \(deleted\)$/, '')))) return null;
  const info = readProcess(Number(pid));
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const numbers = await readdir(`/proc/${pid}/fd`).catch((): string[] => []);
  if (!info) return null;
  const of = (name: string): string | undefined =>
    environment
      .split('\0')
      .find((entry) => entry.startsWith(`${name}=`))
      ?.slice(name.length + 1);
  const rollouts = new Set<string>();
  const outputs: { path: string; stream: 'stdout' | 'stderr' }[] = [];
  for (const number of numbers) {
    const path = await readlink(`/proc/${pid}/fd/${number}`).catch(() => '');
    if (rollout.test(path)) rollouts.add(path);
    const isFile = path.startsWith('/') && !device.test(path) && !path.endsWith(' (deleted)');
    if (isFile && (number === '1' || number === '2'))
      outputs.push({ path, stream: number === '1' ? 'stdout' : 'stderr' });
  }
  const personal = of('HOME');
  return {
    identity: info.identity,
    home: of('CODEX_HOME') ?? (personal === undefined ? null : join(personal, '.codex')),
    rssBytes: info.rssBytes,
    rollouts: [...rollouts],
    outputs,
  };
}
