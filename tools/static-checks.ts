import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { rarelyCollecting } from './rarely-collecting.ts';

/** The checks that run nothing of the product, longest first: beside it the others find the time. */
const steps: readonly (readonly [title: string, command: string, ...args: string[]])[] = [
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['types', 'node', 'tools/types.ts'],
  ['unused code', 'knip', '--no-progress'],
  ['house rules', 'node', 'tools/lint/main.ts'],
  ['generated files', 'node', 'tools/gen.ts', '--check'],
  ['format', 'oxfmt', '--check', '.'],
];

/** Checks at once: each of them mostly keeps one core busy. */
const lanes = Math.min(2, availableParallelism());

function run(command: string, args: readonly string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: rarelyCollecting });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }));
  });
}

/** Runs every static check; all problems are shown, not just those of the first. */
export async function staticChecks(): Promise<boolean> {
  let ok = true;
  const left = [...steps];
  const lane = async () => {
    for (let step = left.shift(); step; step = left.shift()) {
      const [title, command, ...args] = step;
      const started = performance.now();
      const done = await run(command, args);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${done.ok ? '✔' : '✖'} ${title} (${seconds} s)`);
      if (!done.ok) {
        ok = false;
        console.error(done.output.trimEnd());
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return ok;
}
