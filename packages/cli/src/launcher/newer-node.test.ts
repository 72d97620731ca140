import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../vigiles.mjs', import.meta.url));
/** Makes a process believe that it is an older Node. */
const older = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.1.0'})`;

test('the program started with an older Node runs in the one that came with it, and ends as that one ends', async () => {
  const run = async (...args: string[]) => {
    const child = spawn(process.execPath, ['--import', older, program, ...args]);
    const [said, erred, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<[number | null]>((done) => child.on('exit', (ended) => done([ended]))),
    ]);
    return { said, erred, code };
  };
  const version = await run('--version');
  assert.deepEqual([version.code, version.erred], [0, '']);
  assert.match(version.said, /^\d+\.\d+\.\d+\n$/);
  const unknown = await run('no-such-verb');
  assert.equal(unknown.code, 2);
  assert.match(unknown.erred, /no-such-verb/);
});
