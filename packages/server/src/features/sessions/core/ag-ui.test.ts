import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import type { SessionEvent } from '@vigiles/contract';
import { createAgUiWriter, type AgUiEvent } from './ag-ui.ts';

/** What AG-UI asks of the events that are written here (docs.ag-ui.com/sdk/js/core/events, as of @ag-ui/core 0.0.57). */
const base = { timestamp: z.number().optional(), rawEvent: z.unknown().optional() };
const of = <T extends string>(type: T, fields: z.ZodRawShape = {}) =>
  z.strictObject({ type: z.literal(type), ...base, ...fields });
const message = { messageId: z.string() };
const call = { toolCallId: z.string() };
const run = { threadId: z.string(), runId: z.string() };
const AgUi = z.discriminatedUnion('type', [
  of('RUN_STARTED', run),
  of('RUN_FINISHED', { ...run, result: z.unknown().optional() }),
  of('RUN_ERROR', { message: z.string(), code: z.string().optional() }),
  of('STEP_STARTED', { stepName: z.string() }),
  of('STEP_FINISHED', { stepName: z.string() }),
  of('TEXT_MESSAGE_START', { ...message, role: z.enum(['developer', 'system', 'assistant', 'user']) }),
  of('TEXT_MESSAGE_CONTENT', { ...message, delta: z.string().min(1) }),
  of('TEXT_MESSAGE_END', message),
  of('REASONING_START', message),
  of('REASONING_MESSAGE_START', { ...message, role: z.literal('reasoning') }),
  of('REASONING_MESSAGE_CONTENT', { ...message, delta: z.string().min(1) }),
  of('REASONING_MESSAGE_END', message),
  of('REASONING_END', message),
  of('TOOL_CALL_START', { ...call, toolCallName: z.string(), parentMessageId: z.string().optional() }),
  of('TOOL_CALL_ARGS', { ...call, delta: z.string() }),
  of('TOOL_CALL_END', call),
  of('TOOL_CALL_RESULT', { ...call, ...message, content: z.string(), role: z.literal('tool').optional() }),
  of('CUSTOM', { name: z.string(), value: z.unknown() }),
]);

/** The order that its clients insist on: what is opened is closed, all of it inside a run, nothing after an error but a new one. */
function assertInOrder(events: readonly AgUiEvent[]): void {
  let inRun = false;
  const open = new Set<string>();
  const answered = new Set<string>();
  for (const event of events) {
    const { type } = event;
    const name = event['messageId'] ?? event['toolCallId'] ?? event['stepName'];
    const id = typeof name === 'string' ? name : '';
    assert.equal(inRun, type !== 'RUN_STARTED', `${type} ${inRun ? 'inside' : 'outside'} a run`);
    const topic = type.replace(/_(START|STARTED|CONTENT|ARGS|END|FINISHED)$/, '');
    if (type === 'RUN_STARTED') inRun = true;
    else if (type === 'RUN_FINISHED' || type === 'RUN_ERROR') {
      inRun = false;
      if (type === 'RUN_FINISHED') assert.deepEqual([...open], []);
      open.clear();
      answered.clear();
    } else if (/_(START|STARTED)$/.test(type)) {
      assert.ok(!open.has(`${topic} ${id}`), `${type} ${id} twice`);
      open.add(`${topic} ${id}`);
    } else if (/_(CONTENT|ARGS)$/.test(type)) assert.ok(open.has(`${topic} ${id}`), `${type} ${id}`);
    else if (/_(END|FINISHED)$/.test(type)) {
      assert.ok(open.delete(`${topic} ${id}`), `${type} ${id}`);
      if (topic === 'TOOL_CALL') answered.add(id);
    } else if (type === 'TOOL_CALL_RESULT')
      assert.ok(answered.delete(String(event['toolCallId'])), 'a result of a call of this run');
  }
  assert.equal(inRun, false, 'the last run is over');
}

function write(given: readonly [string, Record<string, unknown>][]): AgUiEvent[] {
  const writer = createAgUiWriter('s');
  const events = given.map(([type, data], i): SessionEvent => ({
    session_id: 's',
    seq: i + 1,
    event_id: `e${i}`,
    ts: i,
    type,
    actor: 'a',
    command_id: null,
    data,
  }));
  return [...events.flatMap((event) => writer.write(event)), ...writer.finish(given.length)];
}

describe('a session in AG-UI', () => {
  it('shows an agent’s turn as its clients expect it: messages, tool calls with their results, reasoning', () => {
    const events = write([
      ['execution:started', { task: 'x' }],
      ['message:user', { text: 'list' }],
      ['message:reasoning', { text: 'hm' }],
      ['skill:started', { skill_name: 'Bash', item_id: 't1', parameters: { command: 'ls' } }],
      ['skill:completed', { skill_name: 'Bash', item_id: 't1', result: { output: 'a.ts' } }],
      ['skill:started', { skill_name: 'Bash', item_id: 't2', parameters: {} }],
      ['skill:failed', { skill_name: 'Bash', item_id: 't2', error: 'no' }],
      ['message:assistant', { text: 'one file' }],
      ['execution:completed', {}],
    ]);
    assertInOrder(events);
    const [result, failure] = events.filter(({ type }) => type === 'TOOL_CALL_RESULT');
    assert.deepEqual([result?.['toolCallId'], result?.['content']], ['t1', 'a.ts']);
    assert.equal(failure?.['content'], 'no');
    const args = events.find(({ type }) => type === 'TOOL_CALL_ARGS');
    assert.deepEqual(JSON.parse(String(args?.['delta'])), { command: 'ls' });
    assert.ok(events.some(({ type }) => type === 'REASONING_MESSAGE_CONTENT'));
  });

  it('keeps form and order whatever a log holds', () => {
    const types = [
      'execution:started',
      'execution:completed',
      'execution:failed',
      'skill:started',
      'skill:completed',
      'skill:failed',
      'message:user',
      'message:assistant',
      'message:reasoning',
      'decision:point',
      'file:modified',
    ];
    const values = [undefined, null, '', 'a', 'b', 7, {}, [], { output: 1 }];
    let state = 42;
    const pick = <T>(from: readonly T[]): T => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return from[Math.floor(state / 65_536) % from.length] as T;
    };
    for (let round = 0; round < 50; round += 1) {
      const events = write(
        Array.from({ length: 60 }, () => [
          pick(types),
          {
            item_id: pick(values),
            skill_name: pick(values),
            text: pick(values),
            error: pick(values),
            result: pick(values),
            message_id: pick(values),
          },
        ]),
      );
      for (const event of events) {
        const parsed = AgUi.safeParse(event);
        assert.ok(parsed.success, `${JSON.stringify(event)} ${parsed.error?.message ?? ''}`);
      }
      assertInOrder(events);
    }
  });
});
