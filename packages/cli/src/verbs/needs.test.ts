import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freePort, startVigiles, type Running } from '../testing/vigiles.ts';

let running: Running;
before(async () => {
  const port = await freePort();
  running = await startVigiles(
    {},
    [
      'watchdog:',
      '  veto_s: 60',
      '  scripts:',
      '    - { name: careful, command: [sh, -c, exit 0], risk: disruptive }',
      '    - { name: danger, command: [sh, -c, exit 0], risk: destructive }',
      '  services:',
      `    - { name: shop, checks: [{ type: http, url: "http://127.0.0.1:${port}/", interval_s: 1 }] }`,
    ].join('\n'),
  );
});
after(() => running.close());

const needs = async (): Promise<string> => (await running.run(['needs'])).stdout;

test('an incident that Vigiles cannot settle waits among what needs a person, and is gone once it is acknowledged', async () => {
  let shown = '';
  for (const until = Date.now() + 60_000; !/shop/.test(shown); shown = await needs())
    assert.ok(Date.now() < until, shown);
  const id = /\((inc_\w+)\)/.exec(shown)?.[1] ?? assert.fail(shown);
  assert.match(shown, /needs you shop: refuses connections critical/);
  const wrong = await running.run(['answer', id, 'yes']);
  assert.deepEqual([wrong.code, wrong.stderr.trim()], [2, 'Answer acknowledge']);
  const taken = await running.run(['answer', id, 'acknowledge']);
  assert.match(taken.stdout, /Acknowledged: shop: refuses connections/);
  assert.doesNotMatch(await needs(), /shop/);
});

test('an action that waits for an approval is refused with “no”', async () => {
  await running.run(['action', 'run', 'run_script', 'host', '-p', 'name=danger', '--json']);
  const shown = await needs();
  const id = /approve\? run_script on host[\s\S]*\((run_\w+)\)/.exec(shown)?.[1] ?? assert.fail(shown);
  assert.match((await running.run(['answer', id, 'no'])).stdout, /run_script on host: refused/);
  assert.match(await needs(), /Nothing waits for you/);
});

test('an action that is about to start is stopped with “no”, and cannot be hurried with “yes”', async () => {
  const begun = running.run(['action', 'run', 'run_script', 'host', '-p', 'name=careful']);
  let shown = '';
  for (const until = Date.now() + 60_000; !/starts soon/.test(shown); shown = await needs())
    assert.ok(Date.now() < until, shown);
  const id = /starts soon run_script on host[\s\S]*\((run_\w+)\)/.exec(shown)?.[1] ?? assert.fail(shown);
  const hurried = await running.run(['answer', id, 'yes']);
  assert.deepEqual([hurried.code, hurried.stderr.trim()], [2, 'Answer no']);
  assert.match((await running.run(['answer', id, 'no'])).stdout, /run_script on host: refused/);
  assert.match((await begun).stdout, /cancelled/);
  assert.match(await needs(), /Nothing waits for you/);
});
