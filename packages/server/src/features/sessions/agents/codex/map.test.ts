import assert from 'node:assert/strict';
import { test } from 'node:test';
import { itemCompleted, itemStarted, planUpdated } from './map-item.ts';
import { mapRequest } from './map-request.ts';

test('a command is a skill that starts and ends, with the end of its output', () => {
  const item = { type: 'commandExecution', id: 'c1', command: 'make', cwd: '/w', status: 'inProgress' };
  assert.deepEqual(itemStarted(item), [
    {
      type: 'skill:started',
      data: {
        skill_name: 'shell',
        step_index: null,
        parameters: { command: 'make', cwd: '/w' },
        item_id: 'c1',
      },
    },
  ]);
  const output = 'x'.repeat(10_000) + 'the end';
  const [done] = itemCompleted({
    ...item,
    status: 'completed',
    exitCode: 0,
    durationMs: 7,
    aggregatedOutput: output,
  });
  assert.equal(done?.type, 'skill:completed');
  assert.match(JSON.stringify(done), /6007 characters before.*the end/);
  const [declined] = itemCompleted({ ...item, status: 'declined' });
  assert.equal(declined?.data['error'], 'declined by a person');
});

test('a change of files is one event for each file', () => {
  const changes = [
    { path: 'a', kind: { type: 'add' }, diff: '+1\n+2' },
    { path: 'b', kind: { type: 'update', move_path: 'c' }, diff: '--- a/b\n+++ b/c\n-1\n+2' },
    { path: 'd', kind: { type: 'delete' }, diff: '' },
  ];
  const events = itemCompleted({ type: 'fileChange', id: 'p', status: 'completed', changes });
  assert.deepEqual(
    events.map(({ type, data }) => [type, data['path'], data['lines_changed'], data['moved_to']]),
    [
      ['file:created', 'a', 2, undefined],
      ['file:modified', 'b', 2, 'c'],
      ['file:deleted', 'd', 0, undefined],
    ],
  );
});

test('a plan is progress, and what is unknown or malformed is left out', () => {
  const plan = [{ step: 'one', status: 'completed' }, { step: 'two', status: 'inProgress' }, 7];
  assert.equal(planUpdated({ plan }).data['progress'], 33);
  for (const item of [
    null,
    7,
    {},
    { type: 'new thing' },
    { type: 'fileChange', status: 'completed', changes: 'x' },
  ])
    assert.deepEqual(itemCompleted(item), []);
});

test('only what Codex offers can be chosen, and no is always among it', () => {
  const params = {
    command: 'rm x',
    availableDecisions: ['accept', { acceptWithExecpolicyAmendment: { execpolicy_amendment: ['rm', 'x'] } }],
  };
  const [asked] = mapRequest('item/commandExecution/requestApproval', params, {}) ?? [];
  assert.deepEqual(
    asked?.options.map(({ id, kind }) => [id, kind]),
    [
      ['allow', 'allow_once'],
      ['allow and remember', 'allow_always'],
      ['deny', 'reject_once'],
    ],
  );
  assert.deepEqual(asked?.answer(null), { decision: 'decline' });
  assert.deepEqual(asked?.answer('deny'), { decision: 'decline' });
  assert.equal(asked?.answer('acceptForSession'), undefined);
  assert.equal(mapRequest('item/tool/call', {}, {}), null);
});

test('more rights are given as they were asked for, and none when denied; a form cannot be filled in from here', () => {
  const permissions = { network: { enabled: true }, fileSystem: null };
  const [asked] = mapRequest('item/permissions/requestApproval', { permissions }, {}) ?? [];
  assert.deepEqual(asked?.answer('allow for this turn'), {
    permissions: { network: { enabled: true } },
    scope: 'turn',
  });
  assert.deepEqual(asked?.answer('deny'), { permissions: {}, scope: 'turn' });
  const form = { mode: 'form', message: 'Who?', requestedSchema: { properties: { name: {} } } };
  const [elicited] = mapRequest('mcpServer/elicitation/request', form, {}) ?? [];
  assert.deepEqual(
    elicited?.options.map(({ id }) => id),
    ['deny', 'deny and end the turn'],
  );
});
