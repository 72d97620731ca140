import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { FaultChange, FaultTestResult, FaultView, PlannedFault } from '@vigiles/contract';
import { healing } from '../../app/healing.ts';
import { startTestControl, type TestControl } from '../../testing/test-control.ts';
import { until } from './testing/rig.ts';

const config = `# ours, by hand
gateway: { enabled: false } # no models here
`;
let control: TestControl;
let home: string;
before(async () => {
  control = await startTestControl({ yaml: config, extend: [healing] });
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
const configText = () => readFileSync(join(home, 'vigiles.yaml'), 'utf8');
const fileText = (name: string) => readFileSync(join(home, 'catalogue', name), 'utf8');
const problemsNow = async () =>
  (await control.call<{ problems: PlannedFault['problems'] }>('GET', '/api/v1/faults')).body.problems;

test('only an admin writes, who may see the file may plan, who reads may try, and a stranger is told nothing', async () => {
  assert.equal((await save({ yaml: yaml() }, null)).status, 401);
  assert.equal((await save({ yaml: yaml() }, await control.token('read', 'operate'))).status, 403);
  const body = { yaml: yaml() };
  const planAs = async (...scopes: ('read' | 'config')[]) =>
    (await control.call('POST', '/api/v1/faults/plan', { body, token: await control.token(...scopes) }))
      .status;
  assert.deepEqual([await planAs('read'), await planAs('read', 'config')], [403, 200]);
  assert.equal(
    (await control.call('POST', '/api/v1/faults/test', { body: { text: 'x' }, token: null })).status,
    401,
  );
  assert.equal(configText(), config);
});

test('a bad entry is refused with line and field, and nothing is written', async () => {
  const bad = yaml({ when: 'stuck and gone', tier1: [{ action: 'restart_proxy' }] });
  const { status, body } = await save({ yaml: bad });
  assert.deepEqual([status, body.code], [400, 'invalid_fault']);
  assert.match(body.error, /^vigiles\.yaml:\d+:\d+ OWN-1: when, column 11: .* \(and 1 more\)$/);
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
  assert.ok(shape.problems.every(({ file, line }) => file === 'vigiles.yaml' && line > 2));
  assert.match((await save({ yaml: 'a: [' })).body.error, /draft:1:1/);
  assert.equal((await save({ yaml: '[]' })).status, 400);
  assert.equal((await save({ yaml: yaml(), remove: 'A1' })).status, 400, 'one change at a time');
  assert.equal(configText(), config);
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

test('a rule is added to vigiles.yaml, changed where it stands with the comments beside it kept, and taken out', async () => {
  const planned = await plan({ yaml: yaml() });
  assert.deepEqual([planned.before, planned.index, planned.problems], [config, 0, []]);
  const saved = await save({ yaml: yaml(), revision: planned.revision });
  assert.deepEqual([saved.status, configText()], [200, planned.after]);
  assert.ok(configText().startsWith(`${config}watchdog:\n  faults:\n    - id: OWN-1\n`), configText());
  assert.deepEqual(
    [(await fault('OWN-1')).body.source, (await fault('OWN-1')).body.file],
    ['user', 'vigiles.yaml'],
  );
  const { body: listed } = await control.call<{ config: { watchdog: { faults: { id: string }[] } } }>(
    'GET',
    '/api/v1/config',
  );
  assert.deepEqual(
    listed.config.watchdog.faults.map(({ id }) => id),
    ['OWN-1'],
  );

  const text = configText().replace('title: The queue is stuck', 'title: The queue is stuck # mine');
  writeFileSync(join(home, 'vigiles.yaml'), text);
  assert.equal((await save({ yaml: yaml({ severity: 'info' }), revision: planned.revision })).status, 409);
  assert.equal(configText(), text, 'a file somebody changed is not overwritten');
  const detectors = [{ type: 'log', signal: 'stuck', literal: 'QUEUE STUCK', window: { count: 3 } }];
  const examples = { match: [{ steps: [{ log: 'QUEUE STUCK at 5', times: 3, fields: { code: null } }] }] };
  const change = { id: 'OWN-2', severity: 'info', detectors, examples };
  assert.equal((await save({ yaml: yaml(change), replaces: 'OWN-1' })).status, 200);
  assert.match(configText(), /title: The queue is stuck # mine\n/);
  assert.match(configText(), /^# ours, by hand\n.* # no models here\n/);
  const renamed = (await fault('OWN-2')).body;
  assert.deepEqual(
    [(await fault('OWN-1')).status, renamed.severity, renamed.detectors[0]?.window.count],
    [404, 'info', 3],
  );
  assert.equal((await save({ remove: 'OWN-2' })).status, 200);
  assert.equal((await fault('OWN-2')).status, 404);
  assert.ok(!configText().includes('faults'), 'an empty list is no line');
});

test('rules in vigiles.yaml are read when it is saved, and a bad one leaves the last good ones in force', async () => {
  const put = (text: string) => writeFileSync(join(home, 'vigiles.yaml'), text);
  const withRule = (change: object) => `${config}watchdog:\n  faults:\n    # first\n    - ${yaml(change)}\n`;
  put(withRule({ id: 'OWN-6' }));
  await until('it was read', async () => (await fault('OWN-6')).status === 200);
  put(withRule({ id: 'OWN-6', title: 'Another', when: 'stuck and gone' }));
  await until('it was refused', async () => (await problemsNow()).length > 0);
  const [problem] = await problemsNow();
  assert.deepEqual(
    [problem?.file, problem?.line, problem?.path],
    ['vigiles.yaml', 6, ['faults', 0, 'when']],
    problem?.message,
  );
  assert.equal((await fault('OWN-6')).body.title, 'The queue is stuck');
  put(withRule({ id: 'OWN-6', colour: 1 }));
  const told = await until('its form was refused', async () => {
    const { body } = await control.call<{ problems: { path: string; line: number; message: string }[] }>(
      'GET',
      '/api/v1/config',
    );
    return body.problems[0];
  });
  assert.deepEqual([told.path, told.line], ['watchdog.faults.0.colour', 6]);
  assert.match(
    (await save({ disable: 'B7' })).body.error,
    /^vigiles\.yaml:6:\d+ faults|^vigiles\.yaml:6:\d+ colour/,
  );
  assert.equal((await fault('OWN-6')).body.title, 'The queue is stuck');

  // The same rule in two files: both places are said.
  put(withRule({ id: 'OWN-6' }));
  await until('it is right again', async () => (await problemsNow()).length === 0);
  mkdirSync(join(home, 'catalogue'), { recursive: true });
  writeFileSync(join(home, 'catalogue', 'twice.yaml'), `faults: [${yaml({ id: 'OWN-6' })}]\n`);
  await until('it was refused', async () => (await problemsNow()).length > 0);
  const [twice] = await problemsNow();
  assert.match(
    `${twice?.file}:${twice?.line} ${twice?.message}`,
    /^catalogue\/twice\.yaml:1 OWN-6: is there twice; the other is at vigiles\.yaml:6$/,
  );
  rmSync(join(home, 'catalogue', 'twice.yaml'));
  await until('it is right again', async () => (await problemsNow()).length === 0);
  put(config);
  await until('it is gone', async () => (await fault('OWN-6')).status === 404);
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
  assert.match(configText(), /disabled_faults:\n +- B7\n/);
  assert.equal((await save({ enable: 'B7' })).status, 200);
  assert.deepEqual([(await fault('B7')).body.enabled, configText().includes('B7')], [true, false]);
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

test('a text of the configuration is checked by what its rules mean, with the line, before it is written', async () => {
  const before = configText();
  const text = `gateway: { enabled: false }
watchdog:
  faults:
    - id: OWN-9
      title: A queue of ours is stuck
      applies_to: { class: [service] }
      detectors:
        - { type: log, signal: stuck, literal: 'QUEUE STUCK' }
      when: stuck and gone
      tier1:
        - action: restart_proxy
      docs: { what: a, seen: b, done: c, person: d }
      examples: { match: ['QUEUE STUCK at 5'] }
  disabled_faults: [NONE]
`;
  const { body } = await control.call<{ valid: boolean; problems: { line: number; message: string }[] }>(
    'POST',
    '/api/v1/config/validate',
    { body: { text } },
  );
  assert.equal(body.valid, false);
  assert.deepEqual(
    body.problems.map(({ line, message }) => `${line} ${message}`),
    [
      '9 OWN-9: when, column 11: no detector declares the signal `gone`',
      '11 OWN-9: there is no action `restart_proxy`',
      '14 there is no fault `NONE` to disable',
    ],
  );

  const patch = [{ path: 'watchdog.disabled_faults', value: ['NONE'] }];
  const refused = await control.call('PATCH', '/api/v1/config', { body: { patch } });
  assert.deepEqual([refused.status, refused.body.code], [400, 'config_invalid']);
  assert.equal(configText(), before);
});
