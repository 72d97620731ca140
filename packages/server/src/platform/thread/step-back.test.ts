import assert from 'node:assert/strict';
import { getPriority } from 'node:os';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

const program = `
import { readlinkSync } from 'node:fs';
import { getPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
const { stepBack } = await import(${JSON.stringify(new URL('./step-back.ts', import.meta.url).href)});
const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
const before = getPriority(thread);
stepBack();
parentPort.postMessage([before, getPriority(thread)]);
`;

test(
  'a thread that steps back is behind the others of its process, and they stay where they were',
  { skip: process.platform !== 'linux' && 'only Linux has priorities of threads' },
  async () => {
    const main = getPriority(process.pid);
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`));
    const [before, after] = await new Promise<number[]>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
    assert.equal(before, main);
    assert.equal(after, Math.min(main + 5, 19));
    assert.equal(getPriority(process.pid), main);
  },
);
