import { execFile } from 'node:child_process';

const mostBytes = 8 << 20;
const longestMs = 20_000;

/**
 * Runs git in a folder in which an agent works: its configuration may name programs to run, so what would run them on mere
 * looking is switched off. Rejects with git's own words.
 */
export function runGit(folder: string, words: readonly string[]): Promise<string> {
  const safe = [
    '-c',
    'core.fsmonitor=false',
    '-c',
    'core.hooksPath=/dev/null',
    '-c',
    'diff.external=',
    '-c',
    'core.quotePath=false',
  ];
  return new Promise((resolve, reject) => {
    execFile(
      'git',
      ['--no-pager', ...safe, ...words],
      {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: mostBytes,
        timeout: longestMs,
        env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
      },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        return reject(new Error(`git ${words[0] ?? ''}: ${stderr.trim().slice(0, 300) || error.message}`));
      },
    );
  });
}
