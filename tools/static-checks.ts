import { spawn } from 'node:child_process';

/** The checks that run nothing of the product, cheapest first. */
const steps: readonly (readonly [title: string, command: string, ...args: string[]])[] = [
  ['format', 'oxfmt', '--check', '.'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['house rules', 'node', 'tools/lint/main.ts'],
  ['types', 'node', 'tools/types.ts'],
  ['generated files', 'node', 'tools/gen.ts', '--check'],
  ['unused code', 'knip', '--no-progress'],
];

function run(command: string, args: readonly string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
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
  for (const [title, command, ...args] of steps) {
    const started = performance.now();
    const done = await run(command, args);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${done.ok ? '✔' : '✖'} ${title} (${seconds} s)`);
    if (!done.ok) {
      ok = false;
      console.error(done.output.trimEnd());
    }
  }
  return ok;
}
