import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The longest a file may take, ms. */
const fileMs = 600_000;

/** How long a process may stay that has nothing left to test, ms: on a busy machine it takes its time to end. */
const leftOpenMs = Number(process.env.VIGILES_TEST_LEFT_OPEN_MS ?? 15_000);

/**
 * What a file does to its whole process; such a file gets one of its own. To read its environment, or to write such a line into a
 * program for another process, does nothing to it.
 */
const ownProcess =
  /^\s*process\.(env\S*\s*(\?\?|\|\|)?=[^=]|chdir\(|on\(|once\(|exitCode|exit\()|\bdelete process\.env|^\/\/ Alone: /m;

/** Programs that run test files. */
export interface TestPrograms {
  paths: readonly string[];
  /** The files that a program took, in their order. */
  filesOf(path: string): readonly string[];
}

/**
 * Writes programs that run the files one after another, each as a test of the file's name: what a file sets up and takes down stays
 * within it, and the next is loaded when it has ended.
 *
 * Loading the server's source takes longer than most files' tests, so that files which leave their process as they found
 * it share one: each program takes the next file that no other has taken, so that all are busy to the end. A file with
 * a line `// Alone: why` never shares.
 * @param atOnce how many programs will run at the same time
 * @param perProcess how many files a process takes at most
 */
export function groupTests(
  files: readonly string[],
  folder: string,
  atOnce: number,
  perProcess: number,
): TestPrograms {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const alone: string[] = [];
  const shared: string[] = [];
  for (const file of files) (ownProcess.test(readFileSync(file, 'utf8')) ? alone : shared).push(file);
  const paths: string[] = [];
  const add = (from: readonly string[], most: number, name: string) => {
    const path = resolve(folder, `${String(paths.length).padStart(3, '0')}.mjs`);
    writeFileSync(path, program(from, most, resolve(folder, name)));
    paths.push(path);
  };
  for (const file of alone) add([file], 1, `alone-${paths.length}`);
  const sharedPrograms = Math.max(Math.ceil(shared.length / perProcess), Math.min(atOnce, shared.length));
  for (let made = 0; made < sharedPrograms; made += 1) add(shared, perProcess, 'shared');
  return {
    paths,
    filesOf: (path) =>
      existsSync(`${path}.taken`) ? readFileSync(`${path}.taken`, 'utf8').trimEnd().split('\n') : [],
  };
}

/**
 * @param taken folder of the marks that a file is somebody's
 */
function program(files: readonly string[], most: number, taken: string): string {
  const quoted = (value: unknown) => JSON.stringify(value);
  return [
    "import { appendFileSync, mkdirSync } from 'node:fs';",
    "import { after, test } from 'node:test';",
    // What a file left open would keep its process, and the whole run, waiting for nothing.
    `after(() => void setTimeout(() => process.exit(1), ${leftOpenMs}).unref());`,
    `mkdirSync(${quoted(taken)}, { recursive: true });`,
    // One test around them, so that hooks of the whole process have their turn when the last file is done.
    `test(import.meta.filename, async (t) => {`,
    `  let left = ${most};`,
    `  for (const [index, [file, url]] of ${quoted(files.map((file) => [file, pathToFileURL(resolve(file)).href]))}.entries()) {`,
    '    if (left === 0) break;',
    `    try { mkdirSync(${quoted(`${taken}/`)} + index); } catch { continue; }`,
    '    left -= 1;',
    '    appendFileSync(`${import.meta.filename}.taken`, `${file}\\n`);',
    `    await t.test(file, { timeout: ${fileMs} }, () => import(url));`,
    '  }',
    '});',
    '',
  ].join('\n');
}

/** Where groups of a run are written: under the caches of the installed modules, never among the sources. */
export const groupFolder = (title: string): string =>
  join('node_modules/.cache/test-groups', title.replaceAll(/\W+/g, '-'));
