import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { TurnEvent, WireErrorKind } from '../canonical/index.ts';
import { createSseParser } from '../sse/index.ts';
import { answerPart, eventsOf, usage } from '../testing/arbitraries.ts';
import { answerContext, decodeBytes, decodeContext, encodeEvents, foldTurn } from '../testing/turn.ts';
import { openaiResponses } from './index.ts';

interface Sent {
  type: string;
  sequence_number: number;
  output_index: number;
  item_id?: string;
  item?: Record<string, unknown>;
  response?: Snapshot;
}

interface Snapshot {
  id: string;
  output: Record<string, unknown>[];
  usage: unknown;
  error: { code: string; message: string };
  incomplete_details: unknown;
}

function snapshotOf(sent: Sent[]): Snapshot {
  const response = sent.at(-1)?.response;
  assert.ok(response, 'the last event carries the snapshot');
  return response;
}

function send(events: TurnEvent[]): Sent[] {
  const text = encodeEvents(openaiResponses, events, answerContext());
  return createSseParser()
    .push(new TextEncoder().encode(text))
    .map(({ event, data }) => {
      const sent = JSON.parse(data) as Sent;
      assert.equal(sent.type, event);
      return sent;
    });
}

const START: TurnEvent = { type: 'start', id: 'x', model: 'm', createdAt: 7 };
const FINISH: TurnEvent = { type: 'finish', reason: 'stop' };
const call = (
  kind: 'function' | 'custom' | 'tool-search',
  name: string,
  input: string,
  namespace?: string,
): TurnEvent[] => [
  { type: 'tool-call-start', index: 0, kind, id: 'call_1', name, ...(namespace && { namespace }) },
  ...(input ? [{ type: 'tool-call-delta' as const, index: 0, text: input }] : []),
  { type: 'tool-call-end', index: 0, input },
];

// 7836246/cursor2api#116
test('text is written in the order clients expect, type inside the data', () => {
  const sent = send([
    START,
    { type: 'text-start', index: 0 },
    { type: 'text-delta', index: 0, text: 'a' },
    { type: 'text-end', index: 0 },
    FINISH,
  ]);
  assert.deepEqual(
    sent.map(({ type }) => type.replace('response.', '')),
    [
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ],
  );
});

test('numbers rise, places have no gaps, ids are stable and the snapshot is the sum of the done items', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(answerPart, { selector: (part) => part, maxLength: 6 }),
      usage,
      fc.boolean(),
      (parts, used, overlap) => {
        const sent = send(eventsOf(parts, used, overlap));
        assert.deepEqual(
          sent.map((event) => event.sequence_number),
          sent.map((_, at) => at),
        );
        const added = sent.filter(({ type }) => type === 'response.output_item.added');
        const done = sent.filter(({ type }) => type === 'response.output_item.done');
        assert.deepEqual(
          added.map((event) => event.output_index),
          added.map((_, at) => at),
        );
        const last = snapshotOf(sent);
        const inOrder = done.toSorted((one, two) => one.output_index - two.output_index);
        assert.deepEqual(
          last.output,
          inOrder.map(({ item }) => item),
        );
        for (const event of sent) {
          if (event.item_id) assert.equal(event.item_id, added[event.output_index]?.item?.id);
          if (event.item) assert.equal(event.item.id, added[event.output_index]?.item?.id);
        }
      },
    ),
  );
});

// maximhq/bifrost#891
test('usage always has its details, unknown usage is null', () => {
  const known = send([
    START,
    { type: 'finish', reason: 'stop', usage: { inputTokens: 3, outputTokens: 4 } },
  ]).at(-1);
  assert.deepEqual(known?.response?.usage, {
    input_tokens: 3,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 4,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 7,
  });
  const unknown = send([START, FINISH]).at(-1);
  assert.equal(unknown?.response?.usage, null);
  assert.match(unknown?.response?.id ?? '', /^resp_/);
});

test('calls come back by kind, name and namespace', () => {
  const item = (events: TurnEvent[]) => {
    const done = send([START, ...events, FINISH]).find(({ type }) => type === 'response.output_item.done');
    const { id: _, ...rest } = done?.item ?? {};
    return rest;
  };
  const done = { status: 'completed', call_id: 'call_1' };
  assert.deepEqual(item(call('custom', 'apply_patch', '*** Begin Patch')), {
    type: 'custom_tool_call',
    ...done,
    name: 'apply_patch',
    input: '*** Begin Patch',
  });
  assert.deepEqual(item(call('function', 'read', '{"a":1}', 'mcp__f')), {
    type: 'function_call',
    ...done,
    name: 'read',
    namespace: 'mcp__f',
    arguments: '{"a":1}',
  });
  assert.deepEqual(item(call('tool-search', 'tool_search', '{"query":"x"}')), {
    type: 'tool_search_call',
    ...done,
    execution: 'client',
    arguments: { query: 'x' },
  });
  assert.equal(item(call('function', 'list', '')).arguments, '{}');
});

test('a call that the length limit cut is never done: Codex would run it', () => {
  const cut = send([START, ...call('custom', 'exec', 'rm -rf ./bui'), { type: 'finish', reason: 'length' }]);
  assert.deepEqual(
    cut.filter(({ type }) => type === 'response.output_item.done'),
    [],
  );
  assert.equal(cut.at(-1)?.type, 'response.incomplete');
  assert.deepEqual(cut.at(-1)?.response?.incomplete_details, { reason: 'max_output_tokens' });
  const whole = send([START, ...call('function', 'f', '{"a":1}'), { type: 'finish', reason: 'length' }]);
  assert.equal(whole.filter(({ type }) => type === 'response.output_item.done').length, 1);
});

test('an error after half an item ends with response.failed and leaves the item open', () => {
  const error = {
    kind: 'rate-limited',
    message: 'Slow down.',
    source: 'upstream',
    retryAfterMs: 1200,
  } as const;
  const sent = send([
    START,
    { type: 'text-start', index: 0 },
    { type: 'text-delta', index: 0, text: 'a' },
    { type: 'error', error },
  ]);
  const last = sent.at(-1);
  assert.equal(last?.type, 'response.failed');
  assert.deepEqual(last?.response?.output, []);
  assert.equal(last?.response?.error.code, 'rate_limit_exceeded');
  assert.equal(last?.response?.error.message, 'Slow down. Please try again in 2s.');
});

test('every kind of error survives the stream and the HTTP envelope', () => {
  const kinds: WireErrorKind[] = [
    'invalid-request',
    'context-length',
    'too-large',
    'auth',
    'permission',
    'not-found',
    'rate-limited',
    'quota',
    'overloaded',
    'timeout',
    'content-filter',
    'server',
  ];
  for (const kind of kinds) {
    const error = { kind, message: 'm', source: 'upstream' } as const;
    const text = encodeEvents(openaiResponses, [START, { type: 'error', error }], answerContext());
    const turn = foldTurn(decodeBytes(openaiResponses, new TextEncoder().encode(text), decodeContext()));
    assert.equal(turn.error?.kind, kind);
    const { status, headers, body } = openaiResponses.encodeError(error);
    assert.equal(openaiResponses.decodeError(status, headers, body).kind, kind);
    assert.deepEqual(Object.keys((body as { error: object }).error), ['message', 'type', 'code', 'param']);
  }
});

// openai/codex#30471
test('a 429 always says when to come back, a spent quota never does', () => {
  const limited = openaiResponses.encodeError({ kind: 'rate-limited', message: 'm', source: 'gateway' });
  assert.equal(limited.status, 429);
  assert.equal(limited.headers['retry-after'], '5');
  const precise = openaiResponses.encodeError({
    kind: 'rate-limited',
    message: 'm',
    source: 'gateway',
    retryAfterMs: 1500,
  });
  assert.equal(precise.headers['retry-after'], '2');
  const quota = openaiResponses.encodeError({
    kind: 'quota',
    message: 'm',
    source: 'upstream',
    retryAfterMs: 9e6,
  });
  assert.equal(quota.headers['retry-after'], undefined);
});

test('a heartbeat is a data event, starts the answer when it must, and stops after the end', () => {
  const encoder = openaiResponses.createStreamEncoder(answerContext());
  assert.match(encoder.heartbeat(), /response\.created[\s\S]*data: \{"type":"keepalive"/);
  assert.doesNotMatch(encoder.push(START), /created/);
  encoder.push(FINISH);
  assert.equal(encoder.heartbeat(), '');
});

// BerriAI/litellm#41361
test('foreign signatures travel in encrypted_content and find their issuer again', () => {
  const events: TurnEvent[] = [
    START,
    { type: 'reasoning-start', index: 0 },
    { type: 'reasoning-end', index: 0, signature: { issuer: 'anthropic', kind: 'redacted', data: 'Eq/+==' } },
    { type: 'tool-call-start', index: 1, kind: 'function', id: 'call_1', name: 'f' },
    {
      type: 'tool-call-end',
      index: 1,
      input: '{}',
      signature: { issuer: 'gemini', kind: 'signature', data: 'Th==' },
    },
    FINISH,
  ];
  const { output } = snapshotOf(send(events));
  const decoded = openaiResponses.decodeRequest({ model: 'm', input: output });
  assert.ok(decoded.ok);
  const parts = decoded.value.messages.flatMap((message): unknown[] => message.parts) as {
    signature?: unknown;
  }[];
  assert.deepEqual(
    parts.map((part) => part.signature),
    [
      { issuer: 'anthropic', kind: 'redacted', data: 'Eq/+==' },
      { issuer: 'gemini', kind: 'signature', data: 'Th==' },
    ],
  );
});

test('thinking text comes back although Codex drops the content of reasoning items', () => {
  const events: TurnEvent[] = [
    START,
    { type: 'reasoning-start', index: 0 },
    { type: 'reasoning-delta', index: 0, channel: 'text', part: 0, text: 'deep thought' },
    { type: 'reasoning-end', index: 0, signature: { issuer: 'anthropic', kind: 'signature', data: 'Eq' } },
    FINISH,
  ];
  const [item] = snapshotOf(send(events)).output;
  const decoded = openaiResponses.decodeRequest({ model: 'm', input: [{ ...item, content: null }] });
  assert.ok(decoded.ok);
  const part = decoded.value.messages[0]?.parts[0];
  assert.equal(part?.type === 'reasoning' && part.text, 'deep thought');
});

test('every snapshot of an answer that is kept repeats the request as its client wrote it, and what holds where it wrote nothing', () => {
  const said = {
    instructions: 'Be brief.',
    tools: [
      { type: 'function', name: 'f', description: null, parameters: { type: 'object' }, strict: false },
      { type: 'custom', name: 'apply_patch' },
    ],
    tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
    parallel_tool_calls: false,
    reasoning: { effort: 'low', summary: 'auto' },
    text: { format: { type: 'json_object' }, verbosity: 'low' },
    truncation: 'auto',
    metadata: { a: 'b' },
    temperature: 0.5,
    top_p: 0.9,
    max_output_tokens: 9,
    max_tool_calls: 3,
    prompt_cache_key: 'k',
    safety_identifier: 's',
  };
  const unsaid = {
    instructions: null,
    tools: [],
    tool_choice: 'auto',
    parallel_tool_calls: true,
    reasoning: { effort: null, summary: null },
    text: { format: { type: 'text' } },
    truncation: 'disabled',
    metadata: {},
    temperature: null,
    top_p: null,
    max_output_tokens: null,
  };
  for (const settings of [said, unsaid]) {
    const fields = settings === said ? said : {};
    const decoded = openaiResponses.decodeRequest({ model: 'm', input: 'hi', stream: true, ...fields });
    assert.ok(decoded.ok);
    const context = answerContext([], decoded.value);
    const text = encodeEvents(openaiResponses, [START, FINISH], context);
    const sent: Sent[] = createSseParser()
      .push(new TextEncoder().encode(text))
      .map(({ data }) => JSON.parse(data) as Sent);
    assert.deepEqual(
      sent.map(({ type }) => type),
      ['response.created', 'response.in_progress', 'response.completed'],
    );
    const whole: unknown = openaiResponses.encodeResponse(
      { id: 'x', model: 'm', createdAt: 7, parts: [], finish: 'stop' },
      context,
    );
    for (const response of [...sent.map((event) => event.response), whole]) {
      const repeated = response as Record<string, unknown>;
      for (const [field, value] of Object.entries(settings)) assert.deepEqual(repeated[field], value, field);
    }
  }
});

test('a stream that nobody keeps repeats neither instructions nor tools, which would be most of it', () => {
  const tools = [{ type: 'function', name: 'f', parameters: {}, strict: false }];
  const asked = { model: 'm', input: 'hi', stream: true, store: false, instructions: 'i', tools, top_p: 1 };
  const decoded = openaiResponses.decodeRequest(asked);
  assert.ok(decoded.ok);
  const text = encodeEvents(openaiResponses, [START, FINISH], answerContext([], decoded.value));
  for (const { data } of createSseParser().push(new TextEncoder().encode(text))) {
    const { response } = JSON.parse(data) as { response: Record<string, unknown> };
    const { instructions, tools: repeated, top_p } = response;
    assert.deepEqual({ instructions, repeated, top_p }, { instructions: null, repeated: [], top_p: 1 });
  }
});
