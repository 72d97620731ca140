import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { FaultTestResult, FaultView } from '@vigiles/contract';
import { startVigiles, type Running } from '../testing/vigiles.ts';

let running: Running;
before(async () => {
  running = await startVigiles({});
});
after(() => running.close());

test('every fault is listed, and one category where that is asked', async () => {
  const { code, stdout } = await running.run(['fault', 'list', '--json']);
  assert.equal(code, 0);
  const { faults } = JSON.parse(stdout) as { faults: FaultView[] };
  assert.equal(faults.filter(({ category }) => !['prediction', 'session'].includes(category)).length, 39);
  assert.deepEqual(
    faults.slice(0, 3).map(({ id }) => id),
    ['A1', 'A2', 'A3'],
  );
  const agents = await running.run(['fault', 'list', '--category', 'agent']);
  assert.match(agents.stdout, /D1[\s\S]*D6/);
  assert.doesNotMatch(agents.stdout, /\bA1\b/);
});

test('a fault is explained whole; one that is not there ends with 1', async () => {
  const { code, stdout } = await running.run(['fault', 'explain', 'A2']);
  assert.equal(code, 0);
  assert.match(
    stdout,
    /A2 Its port is taken[\s\S]*Seen when \(port_in_use or orphan\) and \(dead or failing or refusing\)/,
  );
  assert.match(stdout, /1\. kill_stale_processes, and in any case[\s\S]*2\. restart_service/);
  const none = await running.run(['fault', 'explain', 'Z9']);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /no fault “Z9”/);
});

test('a text is tested: what knows it, what is missing, and 1 where nothing does', async () => {
  const line = 'exceeded retry limit, last status: 429 Too Many Requests';
  const one = await running.run(['fault', 'test', line]);
  assert.equal(one.code, 0, one.stderr);
  assert.match(one.stdout, /B1 It limits our rate {2}not yet[\s\S]*seen 1 of 3 times within 60 s/);
  const three = await running.run(['fault', 'test', '-', '--json'], `${line}\n${line}\n${line}\n`);
  const { matches } = JSON.parse(three.stdout) as FaultTestResult;
  assert.deepEqual(
    matches.map(({ id, fires }) => [id, fires]),
    [['B1', true]],
  );
  const nothing = await running.run(['fault', 'test', '[STUCK-RECOVERY] or [a-z]']);
  assert.equal(nothing.code, 1);
  assert.match(nothing.stdout, /No fault knows this line/);
});

test('a file of one’s own is in force at once, and a broken one changes nothing and is told with its place', async () => {
  const folder = join(running.home, 'catalogue');
  await mkdir(folder, { recursive: true });
  const rule = (literal: string) => `faults:
  - id: OURS-1
    title: The queue is stuck
    applies_to: { class: [service] }
    detectors: [{ type: log, signal: stuck, literal: '${literal}' }]
    when: stuck
    docs: { what: a, seen: b, done: c, person: d }
    examples: { match: ['QUEUE STUCK at 5'] }
`;
  await writeFile(join(folder, 'ours.yaml'), rule('QUEUE STUCK'));
  const deadline = Date.now() + 10_000;
  let found = await running.run(['fault', 'explain', 'OURS-1']);
  while (found.code !== 0 && Date.now() < deadline) found = await running.run(['fault', 'explain', 'OURS-1']);
  assert.match(found.stdout, /catalogue\/ours\.yaml/);
  await writeFile(join(folder, 'ours.yaml'), rule('SOMETHING ELSE'));
  let list = await running.run(['fault', 'list']);
  while (list.code === 0 && Date.now() < deadline) list = await running.run(['fault', 'list']);
  assert.equal(list.code, 2);
  assert.match(list.stderr, /catalogue\/ours\.yaml:8:\d+ OURS-1: the example does not match/);
  assert.equal((await running.run(['fault', 'test', 'QUEUE STUCK'])).code, 0, 'the last good one stays');
});
