import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionEvent } from '@vigiles/contract';
import { createTranscript } from './build-transcript.ts';

const build = (...lines: [string, Record<string, unknown>][]) => {
  const transcript = createTranscript();
  lines.forEach(([type, data], at) => {
    const event: SessionEvent = {
      session_id: 's',
      seq: at + 1,
      event_id: `e${at}`,
      ts: at,
      type,
      actor: 'device:dev_1',
      command_id: null,
      data,
    };
    transcript.take(event);
  });
  return transcript.items();
};

test('a tool is one item from its start to its end, inside its turn', () => {
  const [turn, tool, message] = build(
    ['execution:started', { task: 'Mend the build' }],
    ['skill:started', { skill_name: 'shell', item_id: 'i1', parameters: { command: 'npm test' } }],
    [
      'skill:completed',
      { skill_name: 'shell', item_id: 'i1', duration: 120, result: { exit_code: 0, output: 'ok' } },
    ],
    ['message:assistant', { text: 'It is mended.' }],
    ['execution:completed', { duration: 900 }],
  );
  assert.deepEqual(turn?.kind === 'turn' && [turn.title, turn.state, turn.durationMs], [
    'Mend the build',
    'done',
    900,
  ]);
  assert.deepEqual(
    tool?.kind === 'tool' && [tool.line, tool.state, tool.output, tool.durationMs, tool.depth],
    ['npm test', 'done', 'ok', 120, 1],
  );
  assert.equal(message?.kind, 'message');
});

test('two calls of one tool at once are told apart by their ids', () => {
  const items = build(
    ['skill:started', { skill_name: 'shell', item_id: 'a', parameters: { command: 'first' } }],
    ['skill:started', { skill_name: 'shell', item_id: 'b', parameters: { command: 'second' } }],
    ['skill:failed', { skill_name: 'shell', item_id: 'a', error: 'exit code 1', result: null }],
  );
  assert.deepEqual(
    items.map((item) => item.kind === 'tool' && [item.line, item.state]),
    [
      ['first', 'failed'],
      ['second', 'running'],
    ],
  );
});

test('a tool that was under way when its turn was halted does not run for ever', () => {
  const items = build(
    ['execution:started', { task: 'x' }],
    ['skill:started', { skill_name: 'shell', item_id: 'a', parameters: { command: 'sleep 600' } }],
    ['execution:halted', { reason: 'asked for' }],
  );
  assert.deepEqual(
    items.map((item) => ('state' in item ? item.state : item.kind)),
    ['halted', 'ended', 'note'],
  );
});

test('the end of a tool whose start is not in the window is still told', () => {
  const [tool] = build(['skill:completed', { skill_name: 'shell', item_id: 'x', result: 'fine' }]);
  assert.deepEqual(tool?.kind === 'tool' && [tool.name, tool.state, tool.output], ['shell', 'done', 'fine']);
});

test('files that change one after another are one edit with their diffs', () => {
  const items = build(
    ['file:modified', { path: 'a.ts', changes: '+x', item_id: 'p1' }],
    ['file:created', { path: 'b.ts', changes: '+y', item_id: 'p1' }],
  );
  assert.equal(items.length, 1);
  assert.deepEqual(items[0]?.kind === 'tool' && items[0].files.map(({ path, kind }) => [path, kind]), [
    ['a.ts', 'modified'],
    ['b.ts', 'created'],
  ]);
});

test('a question carries its answer and who gave it; one that nobody answered says so', () => {
  const [first, second] = build(
    [
      'decision:point',
      { decision_id: 'd1', question: 'Run it?', options: [{ id: 'yes', label: 'Yes, once' }] },
    ],
    ['decision:point', { decision_id: 'd2', question: 'And this?' }],
    ['decision:made', { decision_id: 'd1', choice: 'yes', made_by: 'device:dev_9' }],
    ['decision:expired', { decision_id: 'd2' }],
  );
  assert.deepEqual(first?.kind === 'decision' && [first.answer, first.by], ['Yes, once', 'device:dev_9']);
  assert.equal(second?.kind === 'decision' && second.answer, 'nobody answered in time');
});

test('fields of the wrong kind break nothing', () => {
  const items = build(
    ['skill:started', { skill_name: 7, parameters: 'x' }],
    ['message:assistant', { text: { toString: null } }],
    ['execution:failed', { error: ['no'] }],
    ['decision:made', {}],
  );
  assert.ok(items.length > 0);
});
