import assert from 'node:assert/strict';
import { once } from 'node:events';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { bareEnvironment } from './bare-environment.ts';

test('a thread knows where compiled code is kept, and nothing else of the environment', async () => {
  enableCompileCache(join(tmpdir(), 'vigiles-compiled'));
  const program = `
    import { getCompileCacheDir } from 'node:module';
    import { parentPort } from 'node:worker_threads';
    parentPort.postMessage({ names: Object.keys(process.env), folder: getCompileCacheDir() });`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
  const worker = new Worker(url, { env: bareEnvironment() });
  const [told] = await once(worker, 'message');
  assert.deepEqual(told, { names: ['NODE_COMPILE_CACHE'], folder: getCompileCacheDir() });
});
