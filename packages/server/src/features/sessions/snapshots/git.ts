import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A git directory of ours beside somebody's folder: its own objects, index and refs. Nothing of theirs is touched. */
export interface GitPlace {
  /** Our git directory. */
  gitDir: string;
  /** The folder whose files are kept. */
  folder: string;
  /** Where git is looked for: PATH. */
  path: string;
}

export class GitError extends Error {
  constructor(words: readonly string[], stderr: string) {
    super(`git ${words[0] ?? ''}: ${stderr.trim().slice(0, 500) || 'it failed'}`);
    this.name = 'GitError';
  }
}

const TIMEOUT_MS = 120_000;
const MAX_OUTPUT = 256 << 20;

/** Only ours counts: no settings, hooks, filters or prompts of the person are run. */
const environment = ({ gitDir, folder, path }: GitPlace, indexFile?: string): NodeJS.ProcessEnv => ({
  PATH: path,
  HOME: gitDir,
  LC_ALL: 'C',
  GIT_DIR: gitDir,
  GIT_WORK_TREE: folder,
  GIT_INDEX_FILE: indexFile ?? join(gitDir, 'index'),
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_AUTHOR_NAME: 'Vigiles',
  GIT_AUTHOR_EMAIL: 'vigiles@localhost',
  GIT_COMMITTER_NAME: 'Vigiles',
  GIT_COMMITTER_EMAIL: 'vigiles@localhost',
});

export interface GitOptions {
  /** Written to its standard input. */
  input?: string;
  /** Another index than ours. */
  indexFile?: string;
}

/** Runs git beside the folder. Throws a GitError. */
export async function git(
  place: GitPlace,
  words: readonly string[],
  { input, indexFile }: GitOptions = {},
): Promise<string> {
  const child = spawn('git', [...words], {
    // What is kept of a folder outlives it.
    cwd: existsSync(place.folder) ? place.folder : place.gitDir,
    env: environment(place, indexFile),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS).unref();
  const out: Buffer[] = [];
  let bytes = 0;
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_OUTPUT) out.push(chunk);
    else child.kill('SIGKILL');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < 4000) stderr += text;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  const [code] = (await once(child, 'close').catch((thrown: unknown) => {
    throw new GitError(words, thrown instanceof Error ? thrown.message : String(thrown));
  })) as [number | null];
  clearTimeout(timer);
  if (code !== 0) throw new GitError(words, stderr);
  return Buffer.concat(out).toString('utf8');
}

/** What is never kept, besides what the folder's own ignore files say. */
const excluded = ['.git', 'node_modules/', '.venv/', '__pycache__/'];

/** @see https://git-scm.com/docs/git-config#_syntax */
const settings = `[core]
\tautocrlf = false
\tfsmonitor = false
\thooksPath = /dev/null
\tquotePath = false
[gc]
\tauto = 500
\tautoDetach = false
\tpruneExpire = now
`;

/** Makes the git directory where it is not there yet. Files are kept byte for byte: no line endings, no filters. */
export async function openPlace(place: GitPlace): Promise<void> {
  await mkdir(place.gitDir, { recursive: true, mode: 0o700 });
  await git(place, ['init', '--quiet']);
  // Last in the file, so that they are those that count; a process for each would take longer than all the rest.
  await appendFile(join(place.gitDir, 'config'), settings);
  await mkdir(join(place.gitDir, 'info'), { recursive: true });
  await writeFile(
    join(place.gitDir, 'info', 'attributes'),
    '* -text -filter -ident -working-tree-encoding -eol\n',
  );
  await writeFile(join(place.gitDir, 'info', 'exclude'), `${excluded.join('\n')}\n`);
}
