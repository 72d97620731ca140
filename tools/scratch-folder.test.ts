import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const place = mkdtempSync(join(tmpdir(), 'vigiles-scratch-'));
after(() => rmSync(place, { recursive: true, force: true }));

const { TMPDIR: _, ...plain } = process.env;
const program = new URL('scratch-folder.ts', import.meta.url).href;
const code = (needs: object, then: string) =>
  `import { tmpdir } from 'node:os'; import { scratchInMemory } from '${program}';
   console.log(JSON.stringify([scratchInMemory('${place}', ${JSON.stringify(needs)}), tmpdir()])); ${then}`;
const node = (source: string) => ['--input-type=module', '-e', source];
const told = (output: string) => JSON.parse(output) as [string | null, string];

function run(needs = { room: 0, memory: 0 }, env: NodeJS.ProcessEnv = plain) {
  const { stdout, status } = spawnSync(process.execPath, node(code(needs, '')), { env, encoding: 'utf8' });
  assert.equal(status, 0);
  return told(stdout);
}

test('temporary files go to a folder of the process’s own, which is gone when it exits', () => {
  const [folder, used] = run();
  assert.match(folder ?? '', /vigiles-\d+-/);
  assert.equal(used, folder);
  assert.deepEqual(readdirSync(place), []);
});

test('a run that is asked to end takes it away, and the next one that of a run that was killed', async () => {
  const ended = async (signal: NodeJS.Signals) => {
    const child = spawn(
      process.execPath,
      node(code({ room: 0, memory: 0 }, 'setInterval(() => {}, 1000);')),
      {
        env: plain,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const said = await new Promise<Buffer>((resolve) => child.stdout.once('data', resolve));
    writeFileSync(join(told(said.toString())[0] ?? '', 'left'), '');
    const exit = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await exit;
  };
  await ended('SIGTERM');
  assert.deepEqual(readdirSync(place), []);
  await ended('SIGKILL');
  assert.equal(readdirSync(place).length, 1);
  mkdirSync(join(place, `vigiles-${process.pid}-alive`));
  mkdirSync(join(place, 'of-somebody-else'));
  run();
  assert.deepEqual(readdirSync(place).toSorted(), ['of-somebody-else', `vigiles-${process.pid}-alive`]);
});

test('nothing changes where TMPDIR is set or too little is free', () => {
  assert.deepEqual(run(undefined, { ...plain, TMPDIR: '/var/tmp' }), [null, '/var/tmp']);
  assert.equal(run({ room: 1e18, memory: 0 })[0], null);
  assert.equal(run({ room: 0, memory: 1e18 })[0], null);
});
