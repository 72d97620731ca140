import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { environment, programPath, newFolder, removeFolder, until } from '../testing/vigiles.ts';

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => removeFolder(folder));

/** Starts the demo with a temporary folder of its own, so that what it leaves can be seen. */
function startDemo() {
  const child = spawn(process.execPath, [programPath, 'demo'], {
    env: environment({ TMPDIR: folder, VIGILES_HOME: join(folder, 'never') }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, said: () => said };
}

const nothingLeft = () => {
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('vigiles-')),
    [],
  );
  // Every process of the demo has the folder in its arguments or its environment's home.
  assert.equal(spawnSync('pgrep', ['-f', folder], { encoding: 'utf8' }).stdout.trim(), '');
};

test('an agent works, its service crashes, it is healed, and nothing is left behind', async () => {
  const demo = startDemo();
  assert.equal(await demo.ended, 0, demo.said());
  const order = [
    /sign-in#code=/,
    /agent .*runs echo/,
    /cannot bear/,
    /down invoice-worker/,
    /restart_service on invoice-worker/,
    /answers again/,
    /✔ fixed invoice-worker/,
    /turns +[1-9]/,
  ];
  let from = 0;
  for (const pattern of order) {
    const at = demo.said().slice(from).search(pattern);
    assert.ok(at >= 0, `${String(pattern)} in order, in:\n${demo.said()}`);
    if (!/answers again/.test(pattern.source)) from += at;
  }
  nothingLeft();
});

test('Ctrl-C in the middle cleans up everything', async () => {
  const demo = startDemo();
  await until('the agent works', () => demo.said().includes('is asked'), 40_000);
  demo.child.kill('SIGINT');
  assert.equal(await demo.ended, 130, demo.said());
  nothingLeft();
});
