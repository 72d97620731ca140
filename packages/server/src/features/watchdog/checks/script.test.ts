import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { identify, isAlive } from '../../../platform/process/index.ts';
import { look, reasonOf, tempFolder } from '../testing/check-rig.ts';
import { until } from '../testing/rig.ts';

const folder = tempFolder();
/** Runs text as a shell script: the shell is the program that was allowed. */
const allowing = (text: string) => ({
  script: (name: string) =>
    name === 'probe'
      ? { command: ['/bin/sh', '-c', text, 'sh'], cwd: folder, env: { PATH: process.env['PATH'] ?? '' } }
      : null,
});
const run = (text: string, more: object = {}) =>
  look({ type: 'script', script: 'probe', ...more }, allowing(text));

it('is healthy by its exit code and shows the first line it printed', async () => {
  const found = await run('echo "$1 is fine"; echo more', { args: ['disk; rm -rf /'] });
  assert.deepEqual(
    [found.ok, found.facts],
    [true, { exit_code: 0, output: 'disk; rm -rf / is fine', output_cut: false }],
  );
  assert.equal(reasonOf(await run('echo broken >&2; exit 2')), 'exit code 2: broken');
  assert.ok((await run('exit 1', { exit_codes: [0, 1] })).ok);
});

it('believes a script that cannot tell', async () => {
  const found = await run('echo no idea; exit 3', { unknown_exit_codes: [3] });
  assert.deepEqual([reasonOf(found), !found.ok && found.ours], ['it cannot tell: no idea', true]);
});

it('runs nothing that is not on the list, and cannot tell when it does not start', async () => {
  const other = await look({ type: 'script', script: 'rm' }, allowing('true'));
  assert.equal(reasonOf(other), '“rm” is not an entry of watchdog.scripts');
  const broken = { script: () => ({ command: ['/nowhere/program'], cwd: folder, env: {} }) };
  const found = await look({ type: 'script', script: 'probe' }, broken);
  assert.deepEqual([reasonOf(found), !found.ok && found.ours], ['it cannot be run: ENOENT', true]);
});

it('looks at its output and keeps only the beginning of much', async () => {
  assert.ok((await run('echo 12 jobs', { matches: '^\\d+ jobs' })).ok);
  assert.match(reasonOf(await run('echo 12 jobs', { contains: 'ready' })), /does not contain “ready”/);
  const loud = await run('head -c 3000000 /dev/zero | tr "\\0" x; echo');
  assert.deepEqual(
    [loud.ok, loud.facts?.['output_cut'], String(loud.facts?.['output']).length],
    [true, true, 200],
  );
});

const pidFrom = async (name: string): Promise<number> => {
  await until(
    `${name} is written`,
    () => existsSync(join(folder, name)) && readFileSync(join(folder, name), 'utf8').trim(),
  );
  return Number(readFileSync(join(folder, name), 'utf8'));
};

it('kills the whole tree when the time is over, also what left its session', async () => {
  const found = await run(
    'trap "" TERM; (sleep 300 & echo $! > child.pid; setsid sh -c "echo \\$\\$ > away.pid; exec sleep 300" & wait) & wait',
    { timeout_s: 0.5 },
  );
  assert.deepEqual([found.ok, !found.ok && found.timedOut], [false, true]);
  for (const name of ['child.pid', 'away.pid']) {
    const pid = await pidFrom(name);
    await until(`${name} is gone`, () => identify(pid) === null);
  }
});

it('leaves nothing running behind a script that ended well, however soon', async () => {
  // Several at once: some have ended before they are looked at for the first time.
  const names = Array.from({ length: 8 }, (_, at) => `left-${at}.pid`);
  const found = await Promise.all(names.map((name) => run(`sleep 300 & echo $! > ${name}`)));
  assert.ok(found.every(({ ok }) => ok));
  for (const name of names) {
    const left = identify(await pidFrom(name));
    assert.ok(left === null || !isAlive(left));
  }
});
