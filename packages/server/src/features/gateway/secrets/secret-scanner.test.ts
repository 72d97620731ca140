import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createSecretScanner } from './secret-scanner.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigiles-scanner-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A thread that takes its time to start, and then answers at once; a body of `7` it never answers. */
function threadThatStartsAfter(ms: number): URL {
  const path = join(folder, `after-${ms}.mjs`);
  writeFileSync(
    path,
    `import { parentPort } from 'node:worker_threads';
await new Promise((resolve) => setTimeout(resolve, ${ms}));
parentPort.postMessage({ id: 'ready' });
parentPort.on('message', ({ id, body }) => {
  if (body[0] !== 55) parentPort.postMessage({ id, found: [] });
});
`,
  );
  return pathToFileURL(path);
}

test('finds a key in a prompt, and tells its kind alone', async () => {
  const scanner = createSecretScanner();
  const body = Buffer.from(JSON.stringify({ input: `key ghp_${'a1B2'.repeat(9)}` }));
  const found = await scanner.scan(body);
  assert.equal(found.length, 1);
  assert.ok(!JSON.stringify(found).includes('a1B2'));
  assert.deepEqual(await scanner.scan(Buffer.from('{"input":"hello"}')), []);
  await scanner.close();
});

test('the time in which its thread starts is not held against the prompts that wait', async () => {
  const scanner = createSecretScanner({ entry: threadThatStartsAfter(2500), longestMs: 1500 });
  const [one, two] = await Promise.all([scanner.scan(Buffer.from('1')), scanner.scan(Buffer.from('2'))]);
  assert.deepEqual([one, two], [[], []]);
  await scanner.close();
});

test('a prompt that takes too long is given up with its thread, and the next one has another', async () => {
  const scanner = createSecretScanner({ entry: threadThatStartsAfter(0), longestMs: 1500 });
  await assert.rejects(scanner.scan(Buffer.from('7')), /too long/);
  assert.deepEqual(await scanner.scan(Buffer.from('1')), []);
  await scanner.close();
});

test('a thread that does not start is given up, with what waits for it', async () => {
  const scanner = createSecretScanner({ entry: threadThatStartsAfter(60_000), startMs: 100 });
  await assert.rejects(scanner.scan(Buffer.from('1')), /does not start/);
  await scanner.close();
});
