import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { ServiceConfig } from '@vigiles/contract';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import { identify, isAlive } from '../../../platform/process/index.ts';
import { until } from '../testing/rig.ts';
import { createSupervisor, type Instance } from './supervisor.ts';

const home = mkdtempSync(join(tmpdir(), 'vigiles-supervisor-'));
after(() => rmSync(home, { recursive: true, force: true }));
const work = { signal: new AbortController().signal, note: () => undefined };

const supervisorOf = (program: string, onStarted: (instance: Instance) => void = () => undefined) =>
  createSupervisor({
    config: () => ServiceConfig.parse({ name: 'toy', command: [process.execPath, '-e', program] }),
    home,
    baseEnv: {},
    environmentOf: () => ({}),
    clock: systemClock,
    log: silentLog,
    onStarted,
    onDead: () => undefined,
  });

it('what the living instance started is not left over, also where it took leave of it', async () => {
  const file = join(home, 'helper.pid');
  const helper = `require('fs').writeFileSync(${JSON.stringify(file)}, process.argv[1] + ' ' + process.pid); setInterval(() => {}, 1000)`;
  const between = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(helper)}, String(process.pid)], { detached: true, stdio: 'ignore' }).unref()`;
  const supervisor = supervisorOf(
    `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(between)}], { detached: true, stdio: 'ignore' }); setInterval(() => {}, 1000)`,
  );
  await supervisor.start(work);
  await until('the helper runs by itself', () => existsSync(file) && readFileSync(file, 'utf8') !== '');
  const [parent = 0, pid = 0] = readFileSync(file, 'utf8').split(' ').map(Number);
  const own = identify(pid);
  await until('who started it is gone', () => identify(parent) === null);
  assert.deepEqual(supervisor.findStale(), []);
  process.kill(supervisor.current()?.identity.pid ?? 0, 'SIGKILL');
  await until('the instance is gone', () => supervisor.current() === null);
  assert.deepEqual(
    supervisor.findStale().map(({ identity }) => identity),
    [own],
  );
  await supervisor.end(1000, work);
  assert.equal(identify(pid), null);
});

it('asked to start twice at once it starts once, and who ends it meanwhile ends what was started', async () => {
  const started: Instance[] = [];
  const supervisor = supervisorOf('setInterval(() => {}, 1000)', (instance) => started.push(instance));
  const both = [supervisor.start(work), supervisor.start(work)];
  const ended = supervisor.end(2000, work);
  const answers = await Promise.all(both);
  assert.deepEqual(
    answers.map((one) => one.ok || one.fault.code),
    [true, 'already_running'],
  );
  assert.equal((await ended).ok, true);
  assert.equal(started.length, 1);
  assert.ok(started[0]);
  assert.equal(isAlive(started[0].identity), false);
  assert.equal(supervisor.current(), null);
});
