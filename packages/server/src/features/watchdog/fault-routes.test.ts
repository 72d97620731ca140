import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { FaultChange, FaultTestResult, FaultView, PlannedFault } from '@vigiles/contract';
import { healing } from '../../app/healing.ts';
import { startTestControl, type TestControl } from '../../testing/test-control.ts';
import { until } from './testing/rig.ts';

let control: TestControl;
let home: string;
before(async () => {
  control = await startTestControl({ yaml: 'gateway: { enabled: false }', extend: [healing] });
  home = dirname((await control.call<{ path: string }>('GET', '/api/v1/config')).body.path);
});
after(() => control.close());

const rule = (change: object = {}): Record<string, unknown> => ({
  id: 'OWN-1',
  title: 'The queue is stuck',
  applies_to: { class: ['service'] },
  detectors: [{ type: 'log', signal: 'stuck', literal: 'QUEUE STUCK', window: { count: 2 } }],
  when: 'stuck',
  docs: { what: 'a', seen: 'b', done: 'c', person: 'd' },
  examples: { match: [{ steps: [{ log: 'QUEUE STUCK at 5', times: 2 }] }] },
  ...change,
});
const yaml = (change?: object) => JSON.stringify(rule(change));
const plan = async (change: FaultChange) =>
  (await control.call<PlannedFault>('POST', '/api/v1/faults/plan', { body: change })).body;
const save = (change: FaultChange, token?: string | null) =>
  control.call<
    PlannedFault & { code: string; error: string; details: { problems: PlannedFault['problems'] } }
  >('POST', '/api/v1/faults', { body: change, ...(token === undefined ? {} : { token }) });
const fault = (id: string) => control.call<FaultView>('GET', `/api/v1/faults/${id}`);
const fileText = (name = 'rules.yaml') => readFileSync(join(home, 'catalogue', name), 'utf8');

test('only an admin writes, everybody who reads may plan, and a stranger is told nothing', async () => {
  assert.equal((await save({ yaml: yaml() }, null)).status, 401);
  assert.equal((await save({ yaml: yaml() }, await control.token('read', 'operate'))).status, 403);
  const body = { yaml: yaml() };
  const read = await control.token('read');
  assert.equal((await control.call('POST', '/api/v1/faults/plan', { body, token: read })).status, 200);
  assert.equal(
    (await control.call('POST', '/api/v1/faults/test', { body: { text: 'x' }, token: null })).status,
    401,
  );
  assert.equal(existsSync(join(home, 'catalogue', 'rules.yaml')), false);
});

test('a bad entry is refused with line and field, and nothing is written', async () => {
  const bad = yaml({ when: 'stuck and gone', tier1: [{ action: 'restart_proxy' }] });
  const { status, body } = await save({ yaml: bad });
  assert.deepEqual([status, body.code], [400, 'invalid_fault']);
  assert.match(body.error, /^catalogue\/rules\.yaml:\d+:\d+ OWN-1: when, column 11: .* \(and 1 more\)$/);
  assert.deepEqual(
    body.details.problems.map(({ path }) => path),
    [
      ['faults', 0, 'when'],
      ['faults', 0, 'tier1', 0, 'action'],
    ],
  );
  assert.ok(body.details.problems.every(({ line }) => line > 1));
  const shape = await plan({
    yaml: yaml({ detectors: [{ type: 'log', signal: 'stuck', window: { count: 0 } }], colour: 1 }),
  });
  assert.deepEqual(shape.problems.map(({ path }) => (path ?? []).slice(2).join('.')).toSorted(), [
    'colour',
    'detectors.0',
    'detectors.0.window.count',
  ]);
  assert.match((await save({ yaml: 'a: [' })).body.error, /rules\.yaml:1:1/);
  assert.equal((await save({ yaml: '[]' })).status, 400);
  assert.equal((await save({ yaml: yaml(), remove: 'A1' })).status, 400, 'one change at a time');
  assert.equal(existsSync(join(home, 'catalogue', 'rules.yaml')), false);
});

test('a draft is tried before it has examples or documentation', async () => {
  const { examples: _examples, docs: _docs, ...draft } = rule();
  const tried = async (text: string, more: object = draft) =>
    (
      await control.call<FaultTestResult>('POST', '/api/v1/faults/test', {
        body: { text, draft: JSON.stringify(more) },
      })
    ).body;
  const once = (await tried('a QUEUE STUCK b')).matches[0];
  assert.deepEqual([once?.fires, once?.signals[0]?.seen, once?.signals[0]?.needed], [false, 1, 2]);
  assert.equal((await tried('QUEUE STUCK\nQUEUE STUCK')).matches[0]?.fires, true);
  const seen = { type: 'event', signal: 'stuck', event: 'call.failed', where: { status: { above: 400 } } };
  const event = { name: 'call.failed', fields: { status: 401 } };
  assert.equal((await tried(JSON.stringify(event), { ...draft, detectors: [seen] })).matches[0]?.fires, true);
  assert.match(
    (await tried('x', { ...draft, when: 'gone' })).problems[0]?.message ?? '',
    /no detector declares/,
  );
});

test('a rule is added, changed where it stands with the comments beside it kept, and taken out', async () => {
  const planned = await plan({ yaml: yaml() });
  assert.deepEqual([planned.before, planned.index, planned.problems], ['', 0, []]);
  const saved = await save({ yaml: yaml(), revision: planned.revision });
  assert.deepEqual([saved.status, fileText()], [200, planned.after]);
  assert.deepEqual(
    [(await fault('OWN-1')).body.source, (await fault('OWN-1')).body.file],
    ['user', 'catalogue/rules.yaml'],
  );

  const text = fileText().replace('title: The queue is stuck', 'title: The queue is stuck # mine');
  writeFileSync(join(home, 'catalogue', 'rules.yaml'), text);
  assert.equal((await save({ yaml: yaml({ severity: 'info' }), revision: planned.revision })).status, 409);
  assert.equal(fileText(), text, 'a file somebody changed is not overwritten');
  const renamed = await save({ yaml: yaml({ id: 'OWN-2', severity: 'info' }), replaces: 'OWN-1' });
  assert.equal(renamed.status, 200);
  assert.match(fileText(), /title: The queue is stuck # mine\n/);
  assert.deepEqual([(await fault('OWN-1')).status, (await fault('OWN-2')).body.severity], [404, 'info']);
  assert.equal((await save({ remove: 'OWN-2' })).status, 200);
  assert.equal((await fault('OWN-2')).status, 404);
});

test('a rule in a file of its own stays in that file', async () => {
  mkdirSync(join(home, 'catalogue'), { recursive: true });
  const mine = `# by hand\nfaults: [${yaml({ id: 'OWN-3' })}]\n`;
  writeFileSync(join(home, 'catalogue', 'mine.yaml'), mine);
  await until('it was read', async () => (await fault('OWN-3')).status === 200);
  const { body } = await save({ yaml: yaml({ id: 'OWN-3', title: 'Another title' }) });
  assert.equal(body.file, 'catalogue/mine.yaml');
  assert.match(fileText('mine.yaml'), /^# by hand\n[^]*Another title/);
});

test('a built-in fault is switched off and on, and replaced by one of one’s own', async () => {
  assert.equal((await save({ disable: 'B7' })).status, 200);
  assert.equal((await fault('B7')).body.enabled, false);
  assert.match(fileText(), /disable: \[ ?B7 ?\]/);
  assert.equal((await save({ enable: 'B7' })).status, 200);
  assert.deepEqual([(await fault('B7')).body.enabled, fileText().includes('B7')], [true, false]);
  assert.match((await save({ disable: 'NOPE' })).body.error, /there is no fault `NOPE` to disable/);
  const own = {
    id: 'B7',
    detectors: [{ type: 'state', signal: 'stuck', state: 'not_responding' }],
    examples: { match: [{ steps: [{ input: 'state.not_responding' }] }] },
  };
  assert.equal((await save({ yaml: yaml(own) })).status, 200);
  assert.deepEqual(
    [(await fault('B7')).body.overrides, (await fault('B7')).body.title],
    [true, 'The queue is stuck'],
  );
  await save({ remove: 'B7' });
  assert.deepEqual(
    [(await fault('B7')).body.source, (await fault('B7')).body.overrides],
    ['built-in', false],
  );
});

test('two who save at once both get what they wrote', async () => {
  const [a, b] = await Promise.all([
    save({
      yaml: yaml({
        id: 'OWN-4',
        detectors: [{ type: 'state', signal: 'stuck', state: 'process_dead' }],
        examples: { match: [{ steps: [{ input: 'state.process_dead' }] }] },
      }),
    }),
    save({ disable: 'A7' }),
  ]);
  assert.deepEqual([a.status, b.status], [200, 200]);
  assert.deepEqual([(await fault('OWN-4')).status, (await fault('A7')).body.enabled], [200, false]);
});
