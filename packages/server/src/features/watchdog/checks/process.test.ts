import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { identify } from '../../../platform/process/index.ts';
import { look, probe, reasonOf, tempFolder } from '../testing/check-rig.ts';
import { until } from '../testing/rig.ts';

const children: ChildProcess[] = [];
/** `sleep` with a time of its own, by which it can be found. */
function sleeper(seconds: string): ChildProcess {
  const child = spawn('sleep', [seconds]);
  children.push(child);
  return child;
}
after(() => children.forEach((child) => child.kill('SIGKILL')));

it('follows the process of a pid file and says that it is dead when it is', async () => {
  const file = join(tempFolder(), 'app.pid');
  const child = sleeper('301');
  writeFileSync(file, `${child.pid}\n`);
  const found = await look({ type: 'process', pid_file: file });
  assert.deepEqual([found.ok && found.identity, found.facts], [identify(child.pid ?? 0), { pid: child.pid }]);
  child.kill('SIGKILL');
  await until('it is gone', () => identify(child.pid ?? 0) === null);
  const after = await look({ type: 'process', pid_file: file });
  assert.deepEqual([after.ok, !after.ok && after.dead], [false, true]);
  writeFileSync(file, '../../etc/passwd');
  assert.equal(reasonOf(await look({ type: 'process', pid_file: file })), 'the pid file does not hold a pid');
});

it('cannot tell where it may not read the pid file, and does not call a half-written one a death', async () => {
  const folder = tempFolder();
  const unreadable = await look({ type: 'process', pid_file: folder });
  assert.deepEqual([unreadable.ok, !unreadable.ok && unreadable.ours], [false, true]);
  assert.match(reasonOf(unreadable), /^the pid file cannot be read: /);
  const file = join(folder, 'app.pid');
  const none = await look({ type: 'process', pid_file: file });
  assert.deepEqual([reasonOf(none), !none.ok && none.dead], ['there is no pid file', true]);
  writeFileSync(file, '');
  const empty = await look({ type: 'process', pid_file: file });
  assert.deepEqual([empty.ok, !empty.ok && empty.dead], [false, false]);
});

it('is not deceived by another process that was given the same pid', async () => {
  const subject = { pid: process.pid, startTime: 'another:1' };
  const found = await look({ type: 'process' }, {}, subject);
  assert.equal(reasonOf(found), 'its process does not run');
});

it('finds a process by its command line, and the next one when it is replaced', async () => {
  const one = probe({ type: 'process', command_contains: 'sleep 302.5' });
  assert.match(reasonOf(await one.look(null)), /no process with “sleep 302.5”/);
  const first = sleeper('302.5');
  await until('it runs', async () => (await one.look(null)).ok);
  assert.equal((await one.look(null)).facts?.['pid'], first.pid);
  const second = sleeper('302.5');
  assert.equal((await one.look(null)).facts?.['pid'], first.pid);
  first.kill('SIGKILL');
  await until('the other one is found', async () => (await one.look(null)).facts?.['pid'] === second.pid);
});
