import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { run } from 'node:test';
import { groupFolder, groupTests } from './test-groups.ts';

export interface TestTotals {
  passed: number;
  failed: number;
  skipped: number;
  files: number;
}

/** Processes at once: tests wait about half of their time, for a timer, a disk or a process, so that two more than there are cores keep these busy. */
export const lanes = Number(process.env.VIGILES_TEST_AT_ONCE ?? availableParallelism() + 2);

/** As many of those that drive a browser, agents and servers beside them. */
export const fewLanes = availableParallelism() + 1;

/** Files that share a process at most: enough to spread the cost of loading the server, few enough to keep it from growing. */
const sharing = 32;

/** Files named at the end of a run: where the time went. */
const slowestShown = Number(process.env.VIGILES_TEST_SLOWEST ?? 8);

const flatten = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause instanceof Error ? thrown.cause : thrown;
  return cause.stack ?? cause.message;
};

/**
 * Runs test files and keeps one progress line; failures are printed whole, as they happen.
 * Leaf tests are counted, not files or suites.
 * @param atOnce processes
 */
export async function runTests(
  title: string,
  patterns: readonly string[],
  atOnce = lanes,
): Promise<TestTotals> {
  const files = patterns
    .flatMap((pattern) => globSync(pattern, { exclude: (path) => path.includes('node_modules') }))
    .toSorted();
  const totals: TestTotals = { passed: 0, failed: 0, skipped: 0, files: files.length };
  const started = performance.now();
  const done = new Set<string>();
  const slowest: { file: string; seconds: number }[] = [];
  let lastLine = 0;
  const progress = (force: boolean) => {
    const now = performance.now();
    // A terminal redraws one line; a log gets a line now and then, so that it is seen to be alive.
    if (!force && now - lastLine < (process.stdout.isTTY ? 100 : 5000)) return;
    lastLine = now;
    const seconds = ((now - started) / 1000).toFixed(0);
    const line = `${title}: ${done.size}/${files.length} files, ${totals.passed} passed, ${totals.failed} failed, ${seconds} s`;
    process.stdout.write(process.stdout.isTTY ? `\r\u001B[K${line}${force ? '\n' : ''}` : `${line}\n`);
  };
  // What the processes share is stripped of its types and compiled once.
  process.env.NODE_COMPILE_CACHE ??= resolve('node_modules/.cache/tests');
  const programs = groupTests(files, groupFolder(`${title} ${process.pid}`), atOnce, sharing);
  const asked = new Set(files);
  const ours = new Set(programs.paths);
  const stream = run({
    files: [...programs.paths],
    concurrency: atOnce,
    timeout: 1_200_000,
  });
  for await (const { type, data } of stream) {
    // A program runs each of its files as a test of the file's name.
    const isFile = 'nesting' in data && data.nesting === 1 && asked.has(data.name);
    if (type === 'test:complete' && isFile) {
      done.add(data.name);
      slowest.push({ file: data.name, seconds: data.details.duration_ms / 1000 });
    }
    if (type !== 'test:pass' && type !== 'test:fail') {
      if (type === 'test:stderr' && process.env.VIGILES_TEST_OUTPUT) process.stderr.write(data.message);
      continue;
    }
    const group = data.nesting === 0 && ours.has(data.name) ? programs.filesOf(data.name) : undefined;
    const isSuite = data.details.type === 'suite';
    if (type === 'test:fail' && !isSuite) {
      const cause = flatten(data.details.error);
      if (!/subtests? failed/.test(cause)) {
        totals.failed += 1;
        const what = group ? `the process of ${group.join(', ')}` : `${data.file ?? ''}: ${data.name}`;
        console.error(`\n✖ ${what}\n${cause}\n`);
      }
    } else if (type === 'test:pass' && !isFile && !group && !isSuite) {
      if (data.skip !== undefined && data.skip !== false) {
        totals.skipped += 1;
        console.log(`\n– skipped: ${data.file ?? ''}: ${data.name} (${String(data.skip)})`);
      } else totals.passed += 1;
    }
    progress(false);
  }
  const unfinished = files.filter((file) => !done.has(file));
  if (unfinished.length > 0) {
    totals.failed += 1;
    console.error(
      `\n✖ ${unfinished.length} files did not come to their end: ${unfinished.slice(0, 20).join(', ')}\n`,
    );
  }
  progress(true);
  slowest.sort((one, other) => other.seconds - one.seconds);
  const shown = slowest.slice(0, slowestShown).map(({ file, seconds }) => `${file} ${seconds.toFixed(0)} s`);
  if (slowest.length > 1) console.log(`slowest: ${shown.join(', ')}`);
  return totals;
}
