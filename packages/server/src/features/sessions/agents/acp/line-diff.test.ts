import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentSink } from '../agent-adapter.ts';
import { lineDiff } from './line-diff.ts';
import { createPermissions } from './permissions.ts';
import { createUpdates } from './updates.ts';

test('what differs is one hunk with the lines around it, and a new file is all of its lines', () => {
  const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9', ''].join('\n');
  const after = before.replace('5', 'five').replace('6', 'six');
  assert.deepEqual(lineDiff(before, after), {
    diff: '@@ -2,8 +2,8 @@\n 2\n 3\n 4\n-5\n-6\n+five\n+six\n 7\n 8\n 9\n',
    lines: 4,
  });
  assert.deepEqual(lineDiff(null, 'a\nb\n'), { diff: '@@ -0,0 +1,2 @@\n+a\n+b\n', lines: 2 });
  assert.deepEqual(lineDiff('a\na\n', 'a\n'), { diff: '@@ -1,2 +1,1 @@\n a\n-a\n', lines: 1 });
  assert.deepEqual(lineDiff('a\n', ''), { diff: '@@ -1,1 +0,0 @@\n-a\n', lines: 1 });
  assert.deepEqual(lineDiff('same', 'same'), { diff: '', lines: 0 });
});

test('a file that an agent of the protocol changed, or asks to change, is shown with its diff', () => {
  const events: [string, Record<string, unknown>][] = [];
  const asked: Record<string, unknown>[] = [];
  const sink = {
    event: (type: string, data: Record<string, unknown>) => void events.push([type, data]),
    volatile: () => undefined,
    decision: ({ context }: { context: Record<string, unknown> }) => void asked.push(context),
  } as unknown as AgentSink;
  const content = [{ type: 'diff' as const, path: '/w/a.txt', oldText: 'one\ntwo\n', newText: 'one\n2\n' }];
  const call = { toolCallId: 't', title: 'Edit', kind: 'edit' as const, content };
  createUpdates({ sink, monotonic: () => 0 }).receive({
    sessionUpdate: 'tool_call',
    status: 'completed',
    ...call,
  });
  const diff = '@@ -1,2 +1,2 @@\n one\n-two\n+2\n';
  const changed = events.find(([type]) => type === 'file:modified');
  assert.deepEqual(changed?.[1], { path: '/w/a.txt', changes: diff, lines_changed: 2, item_id: 't' });
  void createPermissions({ sink, newDecisionId: () => 'd', changed: () => undefined }).ask({
    sessionId: 's',
    toolCall: call,
    options: [],
  });
  assert.deepEqual(asked[0]?.['changes'], [{ path: '/w/a.txt', diff }]);
});
