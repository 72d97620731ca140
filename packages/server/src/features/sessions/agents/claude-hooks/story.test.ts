import assert from 'node:assert/strict';
import { it } from 'node:test';
import { HookCall } from './hook-call.ts';
import { createSpoken } from './spoken.ts';
import { prompted, told, toolBegun, toolEnded } from './story.ts';

const call = (hook_event_name: string, more: object = {}): HookCall =>
  HookCall.parse({ session_id: 's1', hook_event_name, cwd: '/w', tool_use_id: 't1', ...more });

it('a file that was written is a file event, with its diff, before its call is over', () => {
  const events = toolEnded(
    call('PostToolUse', {
      tool_name: 'Edit',
      tool_input: { file_path: '/w/a.ts' },
      tool_response: { filePath: '/w/a.ts', structuredPatch: [{ lines: ['-a', '+b', ' c'] }] },
      duration_ms: 12,
    }),
  );
  assert.deepEqual(
    events.map(({ type }) => type),
    ['file:modified', 'skill:completed'],
  );
  assert.equal(events[0]?.data?.['lines_changed'], 2);
  assert.equal(events[1]?.data?.['duration'], 12);
});

it('outputs of any form are told as text, bounded', () => {
  const output = (tool_response: unknown) => {
    const [event] = toolEnded(call('PostToolUse', { tool_name: 'Bash', tool_response }));
    return (event?.data?.['result'] as { output: string } | undefined)?.output ?? null;
  };
  assert.equal(output({ stdout: 'a\n', stderr: 'b' }), 'a\nb');
  assert.equal(output([{ type: 'text', text: 'x' }]), 'x');
  assert.equal(output('plain'), 'plain');
  assert.equal(output({ odd: [1] }), '{"odd":[1]}');
  assert.ok((output('z'.repeat(100_000)) ?? '').length < 5_000);
  assert.equal(output(undefined), '');
});

it('a prompt begins a turn, a plan and a subagent are told, hostile fields are no obstacle', () => {
  assert.deepEqual(
    prompted(call('UserPromptSubmit', { prompt: 'Do it\nnow' })).map(({ type, data }) => [
      type,
      data?.['task'] ?? data?.['text'],
    ]),
    [
      ['execution:started', 'Do it'],
      ['message:user', 'Do it\nnow'],
    ],
  );
  const plan = toolBegun(
    call('PreToolUse', {
      tool_name: 'TodoWrite',
      tool_input: { todos: [{ content: 'a', status: 'completed' }, 7] },
    }),
  );
  assert.deepEqual([plan[0]?.type, plan[0]?.data?.['progress']], ['skill:progress', 50]);
  assert.equal(
    told(call('SubagentStart', { agent_id: 'a1', agent_type: 'Explore' }))[0]?.type,
    'agent:spawned',
  );
  assert.equal(told(call('StopFailure', { error: { odd: 1 } }))[0]?.type, 'execution:failed');
  assert.equal(
    toolBegun(call('PreToolUse', { tool_input: 'not an object' }))[0]?.data?.['skill_name'],
    'tool',
  );
  assert.ok(!HookCall.safeParse({ session_id: '../x', hook_event_name: 'Stop' }).success);
});

it('a message is put together from its lines, and the end of the turn does not say it twice', () => {
  const spoken = createSpoken();
  assert.equal(spoken.add('m', 1, 'there', true), null, 'the last part came first');
  assert.equal(spoken.add('m', 0, 'Hello\n', false), 'Hello\nthere');
  assert.ok(spoken.said('Hello\nthere'));
  assert.ok(!spoken.said('else'));
  for (let i = 0; i < 100; i += 1) spoken.add(`m${i}`, 0, 'x', false);
  assert.equal(spoken.add('m0', 1, '', true), null, 'what was never ended is forgotten');
});
