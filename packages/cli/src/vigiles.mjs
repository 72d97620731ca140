#!/usr/bin/env node
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isNewEnough, runInNewerNode } from './launcher/newer-node.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

async function isBundled() {
  const { runEntry } = await import('./launcher/run-entry.ts');
  return runEntry(['start']).endsWith('.js');
}

if (!isNewEnough()) runInNewerNode(root);
else {
  // Plain JavaScript: Node keeps its TypeScript compiler, 12 MB, in a process that had to strip types even once. With the
  // cache only the first command after an update has to. Beside the dependencies: a folder that others can write to could
  // hold their code.
  const { enableCompileCache, flushCompileCache } = await import('node:module');
  enableCompileCache(join(root, 'node_modules/.cache/vigiles'));
  const { keepSmall } = await import('./launcher/small-process.mjs');
  // Before anything of it is loaded: what it grows to while it starts stays.
  if (process.argv[2] === 'start' && (await keepSmall(isBundled, flushCompileCache))) {
    const { run } = await import(new URL('../../server/dist/control/run.js', import.meta.url).href);
    process.exitCode = await run(process.argv.slice(2));
  } else await import('./main.ts');
}
