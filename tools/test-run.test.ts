import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'vigiles-test-run-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What `npm test -- FILES` prints and how it ends. */
async function testing(
  files: Record<string, string>,
  settings: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; output: string }> {
  const paths = Object.entries(files).map(([name, body]) => {
    const path = join(folder, `${name}.test.mjs`);
    writeFileSync(path, `import { test, describe, before, after } from 'node:test';\n${body}\n`);
    return path;
  });
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, ['tools/test.ts', ...paths], {
    env: { ...env, ...settings },
    stdio: 'pipe',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output };
}

const green = `test('is green', () => {});`;

test('files that share a process are counted test by test, and their hooks stay their own', async () => {
  const hooked = (name: string) =>
    `globalThis.up ??= 0; before(() => { globalThis.up += 1; }); after(() => { globalThis.up -= 1; });
     test('${name} alone is set up', () => { if (globalThis.up !== 1) throw new Error('also ' + globalThis.up); });`;
  const ended = await testing(
    {
      one: `${hooked('one')} globalThis.ran = 'one';`,
      two: `${hooked('two')} test('comes after one in its process', () => { if (globalThis.ran !== 'one') throw new Error('alone'); });`,
      suite: `describe('a suite', () => { ${green} });`,
    },
    { VIGILES_TEST_AT_ONCE: '1' },
  );
  assert.match(ended.output, /3\/3 files, 4 passed, 0 failed/);
  assert.equal(ended.code, 0);
});

test('a failing test, a file that cannot be loaded and one that ends its process, or keeps it open, all fail the run', async () => {
  const failing = await testing({ red: `test('is red', () => { throw new Error('red indeed'); });`, green });
  assert.match(failing.output, /is red\nError: red indeed/);
  assert.match(failing.output, /1 passed, 1 failed/);
  assert.equal(failing.code, 1);
  const broken = await testing({ broken: `import './nowhere.mjs';`, green });
  assert.match(broken.output, /Cannot find module/);
  assert.match(broken.output, /1 passed, 1 failed/);
  assert.equal(broken.code, 1);
  const gone = await testing({ gone: `test('leaves', () => process.exit(3));` });
  assert.match(gone.output, /[1-9] failed/);
  assert.equal(gone.code, 1);
  const open = await testing(
    { open: `test('is green', () => void setInterval(() => {}, 1000));` },
    { VIGILES_TEST_LEFT_OPEN_MS: '500' },
  );
  assert.match(open.output, /the process of .*open\.test\.mjs/);
  assert.match(open.output, /1 passed, 1 failed/);
  assert.equal(open.code, 1);
  const killed = await testing({
    killed: `test('dies', () => process.kill(process.pid, 'SIGKILL'));`,
    green,
  });
  assert.match(killed.output, /[1-9] failed/);
  assert.equal(killed.code, 1);
});
