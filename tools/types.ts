import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { rarelyCollecting } from './rarely-collecting.ts';

/**
 * Type-checks the packages with rules of their own (pure ones, the browser's), then everything that runs on Node as
 * one program: tests of the command line and of the SDK start the real server, which would be checked once for each.
 * One checker: each of several works out the types that they share for itself.
 */
const projects = readdirSync('packages')
  .map((name) => `packages/${name}`)
  .filter((path) => existsSync(`${path}/tsconfig.json`));
let failed = false;
for (const project of [...projects, '.']) {
  const done = spawnSync('tsc', ['-p', project, '--checkers', '1'], {
    stdio: 'inherit',
    env: rarelyCollecting,
  });
  if (done.status !== 0) failed = true;
}
console.log(`types: ${projects.length + 1} projects${failed ? ', with errors' : ''}`);
process.exitCode = failed ? 1 : 0;
