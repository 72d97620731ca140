import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ActionRun } from '@vigiles/contract';
import { startVigiles, type Running } from '../testing/vigiles.ts';

let running: Running;
before(async () => {
  running = await startVigiles(
    {},
    [
      'watchdog:',
      '  stable_s: 0',
      '  scripts:',
      '    - { name: good, command: [sh, -c, exit 0], risk: reversible }',
      '    - { name: bad, command: [sh, -c, exit 3], risk: reversible }',
      '    - { name: danger, command: [sh, -c, exit 0], risk: destructive }',
    ].join('\n'),
  );
});
after(() => running.close());

test('actions are listed with their risk and what they are for', async () => {
  const { code, stdout } = await running.run(['action', 'list']);
  assert.equal(code, 0);
  assert.match(stdout, /restart_service +disruptive +service/);
});

test('a plan does nothing, and a refusal is exit code 5', async () => {
  const plan = await running.run(['action', 'plan', 'run_script', 'host', '-p', 'name=good']);
  assert.equal(plan.code, 0, plan.stderr);
  assert.match(plan.stdout, /1\. Run sh -c exit 0[\s\S]*Nothing was done/);
  const refused = await running.run(['action', 'run', 'run_script', 'host', '-p', 'name=none']);
  assert.equal(refused.code, 5);
  assert.match(refused.stderr, /watchdog.scripts has no “none”/);
});

test('a run is followed to its end, and one that did not help is exit code 6', async () => {
  const good = await running.run([
    'action',
    'run',
    'run_script',
    'host',
    '--params',
    '{"name":"good"}',
    '--json',
  ]);
  assert.equal(good.code, 0, good.stderr);
  assert.equal((JSON.parse(good.stdout) as ActionRun).outcome, 'unknown');
  const bad = await running.run(['action', 'run', 'run_script', 'host', '-p', 'name=bad']);
  assert.equal(bad.code, 6);
  assert.match(bad.stdout, /not fixed: it ended with code 3/);
});

test('a destructive run waits for its approval on the command line', async () => {
  const asked = await running.run(['action', 'run', 'run_script', 'host', '-p', 'name=danger', '--json']);
  const { id, state } = JSON.parse(asked.stdout) as ActionRun;
  assert.deepEqual([asked.code, state], [0, 'awaiting_approval']);
  const approved = await running.run(['action', 'approve', id]);
  assert.equal(approved.code, 0, approved.stderr);
  assert.match(approved.stdout, /nothing to verify/);
  const again = await running.run(['action', 'cancel', id]);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /ended already/);
});

test('parameters that cannot be read are wrong usage', async () => {
  for (const more of [
    ['-p', 'x'],
    ['--params', '{'],
    ['--params', '[]'],
  ])
    assert.equal((await running.run(['action', 'plan', 'ignore', 'host', ...more])).code, 2);
});
