import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

/** Type-checks every workspace package with its own rules, then tools, bench, e2e and the pure packages' tests. */
const projects = readdirSync('packages')
  .map((name) => `packages/${name}`)
  .filter((path) => existsSync(`${path}/tsconfig.json`));
let failed = false;
for (const project of [...projects, '.']) {
  const done = spawnSync('tsc', ['-p', project], { stdio: 'inherit' });
  if (done.status !== 0) failed = true;
}
console.log(`types: ${projects.length + 1} projects${failed ? ', with errors' : ''}`);
process.exitCode = failed ? 1 : 0;
