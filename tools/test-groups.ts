import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The longest a file may take, ms. */
const fileMs = 600_000;

/** How long a process may stay that has nothing left to test, ms. */
const leftOpenMs = 15_000;

/**
 * What a file does to its whole process; such a file gets one of its own. To read its environment, or to write such a line into a
 * program for another process, does nothing to it.
 */
const ownProcess =
  /^\s*process\.(env\S*\s*(\?\?|\|\|)?=[^=]|chdir\(|on\(|once\(|exitCode|exit\()|\bdelete process\.env|^\/\/ Alone: /m;

/**
 * Writes one program a group of test files; returns the files of each by its path. A program runs its files one after another, each as a
 * test of the file's name: what a file sets up and takes down stays within it, and the next is loaded when it has ended.
 *
 * Loading the server's source takes longer than most files' tests, so that files which leave their process as they found
 * it share one. A file with a line `// Alone: why` never does.
 */
export function groupTests(
  files: readonly string[],
  folder: string,
  perProcess: number,
): Map<string, readonly string[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const alone: string[] = [];
  const shared: string[] = [];
  for (const file of files) (ownProcess.test(readFileSync(file, 'utf8')) ? alone : shared).push(file);
  const groups = alone.map((file) => [file]);
  for (let from = 0; from < shared.length; from += perProcess)
    groups.push(shared.slice(from, from + perProcess));
  const programs = new Map<string, readonly string[]>();
  for (const [index, group] of groups.entries()) {
    const path = resolve(folder, `${String(index).padStart(3, '0')}.mjs`);
    writeFileSync(path, program(group));
    programs.set(path, group);
  }
  return programs;
}

function program(files: readonly string[]): string {
  const quoted = (text: string) => JSON.stringify(text);
  const lines = files.map(
    (file) =>
      `test(${quoted(file)}, { timeout: ${fileMs} }, () => import(${quoted(pathToFileURL(resolve(file)).href)}));`,
  );
  return [
    "import { after, test } from 'node:test';",
    ...lines,
    // What a file left open would keep its process, and the whole run, waiting for nothing.
    `after(() => void setTimeout(() => process.exit(1), ${leftOpenMs}).unref());`,
    '',
  ].join('\n');
}

/** Where groups of a run are written: under the caches of the installed modules, never among the sources. */
export const groupFolder = (title: string): string =>
  join('node_modules/.cache/test-groups', title.replaceAll(/\W+/g, '-'));
