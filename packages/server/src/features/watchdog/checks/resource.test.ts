import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CheckConfig } from '@vigiles/contract';
import { systemClock } from '../../../kernel/clock.ts';
import { identify } from '../../../platform/process/index.ts';
import { look, probe, reasonOf } from '../testing/check-rig.ts';

const own = identify(process.pid);
const process_ = (more: object) => look({ type: 'resource', ...more }, {}, own);

it('measures the memory and the open files of a process and holds them against limits', async () => {
  const found = await process_({ max_memory_mb: 100_000, max_open_files: 100_000 });
  assert.ok(found.ok, JSON.stringify(found));
  assert.ok(Number(found.facts?.['memory_mb']) > 20);
  assert.ok(Number(found.facts?.['fds']) > 3);
  assert.match(reasonOf(await process_({ max_memory_mb: 1 })), /MB of memory, more than 1$/);
  assert.match(reasonOf(await process_({ max_open_files: 1 })), /open files, more than 1$/);
});

it('counts CPU between two looks', async () => {
  const one = probe({ type: 'resource', max_cpu_percent: 10_000 });
  const first = await one.look(own);
  assert.equal(first.facts?.['cpu_percent'], undefined);
  const before = process.cpuUsage();
  while (process.cpuUsage(before).user < 100_000);
  assert.ok(Number((await one.look(own)).facts?.['cpu_percent']) > 0);
});

it('knows nothing of the growth of a process before most of the window was seen, then tells it', async () => {
  let at = 0;
  const clock = { ...systemClock, monotonic: () => at };
  const one = probe({ type: 'resource', max_growth_mb_per_h: 1_000_000, growth_window_s: 240 }, { clock });
  for (; at < 150_000; at += 10_000)
    assert.equal((await one.look(own)).facts?.['growth_mb_per_h'], undefined);
  for (; at < 240_000; at += 10_000) await one.look(own);
  assert.equal(typeof (await one.look(own)).facts?.['growth_mb_per_h'], 'number');
});

it('says that a supervised process is not there, and cannot tell of one that nobody names', async () => {
  const gone = await look({ type: 'resource' }, { logFile: () => '/tmp/app.log' });
  assert.deepEqual([reasonOf(gone), !gone.ok && gone.ours], ['its process does not run', false]);
  const nameless = await look({ type: 'resource' });
  assert.deepEqual(
    [reasonOf(nameless), !nameless.ok && nameless.ours],
    ['which process it is, is not known', true],
  );
});

it('measures this machine', async () => {
  const found = await look({ type: 'resource', of: 'host', min_disk_free_mb: 1, max_memory_percent: 100 });
  assert.ok(found.ok, JSON.stringify(found));
  for (const fact of ['memory_percent', 'load_per_core', 'disk_free_mb', 'disk_free_percent'])
    assert.equal(typeof found.facts?.[fact], 'number', fact);
  const full = await look({ type: 'resource', of: 'host', min_disk_free_mb: 1e12 });
  assert.match(reasonOf(full), /MB of free disk, less than 1000000000000$/);
  const nowhere = await look({ type: 'resource', of: 'host', disk: '/nowhere' });
  assert.deepEqual(
    [reasonOf(nowhere), !nowhere.ok && nowhere.ours],
    ['the disk of /nowhere cannot be measured: ENOENT', true],
  );
});

it('with a limit that would never be looked at is refused, and it is said what to write', () => {
  const problems = (more: object) =>
    CheckConfig.safeParse({ type: 'resource', ...more }).error?.issues.map(
      ({ path, message }) => `${path.join('.')} ${message}`,
    );
  assert.deepEqual(problems({ min_disk_free_mb: 500 }), [
    'min_disk_free_mb is a limit of this machine: say `of: host`',
  ]);
  assert.deepEqual(problems({ of: 'host', max_memory_mb: 500, max_cpu_percent: 90 }), [
    'max_memory_mb is a limit of a process, and would not be looked at with `of: host`',
  ]);
  assert.equal(problems({ of: 'host', min_disk_free_mb: 500 }), undefined);
});
