#!/usr/bin/env node
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isNewEnough, runInNewerNode } from './launcher/newer-node.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

if (!isNewEnough()) await runInNewerNode(root);
else {
  // Plain JavaScript: Node keeps its TypeScript compiler, 12 MB, in a process that had to strip types even once. With the
  // cache only the first command after an update has to. Beside the dependencies: a folder that others can write to could
  // hold their code.
  const cache = async () => {
    const { enableCompileCache } = await import('node:module');
    enableCompileCache(join(root, 'node_modules/.cache/vigiles'));
  };
  if (process.argv[2] === 'start') {
    const { becomeSmall } = await import('./launcher/become-small.mjs');
    // Before anything of it is loaded: what it grows to while it starts stays.
    becomeSmall();
    await cache();
    const { staySmall } = await import('./launcher/stay-small.mjs');
    staySmall();
    const { bundledRun } = await import('./launcher/bundled-run.mjs');
    const run = await bundledRun();
    if (run === null) await import('./main.ts');
    else process.exitCode = await run(process.argv.slice(2));
  } else {
    await cache();
    await import('./main.ts');
  }
}
