import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TurnEvent, TurnRequest } from '@vigiles/wire';
import { AnswerJoiner } from './answer-joiner.ts';
import { continuationRequest, mayContinue } from './continuation-request.ts';
import { anchorOf, findSeam } from './seam.ts';

const whole = (before: string, head: string, prefilled = false): string => {
  const { skip, insert } = findSeam(before, head, prefilled);
  return before + insert + head.slice(skip);
};

test('every way to begin again is joined without a seam', () => {
  const before = 'First we open the file and read every line of it.\nThen we count the wor';
  const after = 'ds and print the sum.';
  const wanted = before + after;
  const anchor = anchorOf(before);
  for (const head of [
    anchor + after,
    `…${anchor}${after}`,
    `"${anchor}${after}`,
    `Then we count the wor${after}`,
    after,
    `read every line of it.\nThen we count the wor${after}`,
  ]) {
    assert.equal(whole(before, head), wanted, head);
  }
});

test('a code fence that was opened again is not shown twice', () => {
  const before = 'Here:\n```ts\nconst a = 1;\nconst b';
  assert.equal(
    whole(before, '```ts\nconst b = 2;\n```\n'),
    'Here:\n```ts\nconst a = 1;\nconst b = 2;\n```\n',
  );
  assert.equal(whole('Done:\n```\nx\n```\n', '```ts\ny'), 'Done:\n```\nx\n```\n```ts\ny');
});

test('a text that repeats itself keeps its own repetitions', () => {
  assert.equal(whole('ha ha ha', ' ha ha'), 'ha ha ha ha ha');
  assert.equal(whole('}\n}', '}\n'), '}\n}}\n');
  assert.equal(whole('It is done.', 'Next is more.'), 'It is done. Next is more.');
});

test('blanks at the end of what was sent are not doubled where the provider goes on by itself', () => {
  assert.equal(whole('one two \n', ' \nthree', true), 'one two \nthree');
  assert.equal(whole('one two', ' three', true), 'one two three');
});

const text = (...pieces: string[]): TurnEvent[] => [
  { type: 'start', id: 'r', model: 'm', createdAt: 1 },
  { type: 'text-start', index: 0 },
  ...pieces.map((piece): TurnEvent => ({ type: 'text-delta', index: 0, text: piece })),
  { type: 'text-end', index: 0 },
];
const call = (input: string, index = 0): TurnEvent[] => [
  { type: 'tool-call-start', index, kind: 'function', id: `call_${index}`, name: 'write' },
  { type: 'tool-call-delta', index, text: input },
  { type: 'tool-call-end', index, input },
];
const finish = (
  reason: 'stop' | 'length' | 'tool-calls',
  outputTokens = 10,
  inputTokens = 100,
): TurnEvent => ({
  type: 'finish',
  reason,
  usage: { inputTokens, outputTokens },
});

/** Runs the parts through a joiner and answers with what the client sees. */
function join(parts: TurnEvent[][], max = 3) {
  let left = max;
  const joiner = new AnswerJoiner(() => left > 0);
  const seen: TurnEvent[] = [];
  for (const part of parts) {
    for (const event of part) seen.push(...joiner.push(event));
    if (!joiner.waiting()) break;
    left -= 1;
    joiner.begin(false);
  }
  return { seen, joiner };
}

const said = (events: readonly TurnEvent[]): string =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
const kinds = (events: readonly TurnEvent[]): string[] => events.map(({ type }) => type);

test('parts of a text come as one block, with one start and one end', () => {
  const first = [...text('The quick brown fox jumps over ', 'the lazy'), finish('length')];
  const second = [...text('over the lazy', ' dog and runs'), finish('length', 5, 120)];
  const third = [...text('dog and runs', ' away.'), finish('stop', 3, 130)];
  const { seen, joiner } = join([first, second, third]);
  assert.equal(said(seen), 'The quick brown fox jumps over the lazy dog and runs away.');
  assert.deepEqual(
    kinds(seen).filter((type) => type !== 'text-delta'),
    ['start', 'text-start', 'text-end', 'finish'],
  );
  assert.deepEqual(seen.at(-1), {
    type: 'finish',
    reason: 'stop',
    usage: { inputTokens: 100, outputTokens: 18 },
  });
  assert.equal(joiner.joints.length, 2);
  assert.deepEqual(
    joiner.usages.map(({ inputTokens }) => inputTokens),
    [100, 120, 130],
  );
});

test('when no more parts may be had, the answer ends as the provider left it', () => {
  const parts = [
    [...text('one two three four'), finish('length')],
    [...text('three four five'), finish('length')],
  ];
  const { seen } = join(parts, 1);
  assert.equal(said(seen), 'one two three four five');
  assert.equal(seen.at(-1)?.type === 'finish' && seen.at(-1), seen.at(-1));
  assert.deepEqual(kinds(seen).slice(-2), ['text-end', 'finish']);
  assert.equal((seen.at(-1) as { reason: string }).reason, 'length');
});

test('a part that fails ends the answer as it stood', () => {
  const { seen, joiner } = join([[...text('one two three'), finish('length')]]);
  const rest = joiner.giveUp();
  assert.deepEqual(kinds([...seen, ...rest]), ['start', 'text-start', 'text-delta', 'text-end', 'finish']);
  assert.deepEqual(joiner.giveUp(), []);
});

test('a call that was cut is completed by the same call made again', () => {
  const first = [...call('{"path":"a.ts","text":"lo'), finish('length')];
  const second = [...text('Sure.'), ...call('{"path":"a.ts","text":"long"}', 1), finish('tool-calls')];
  const { seen, joiner } = join([first, second]);
  const input = seen.map((event) => (event.type === 'tool-call-delta' ? event.text : '')).join('');
  assert.equal(input, '{"path":"a.ts","text":"long"}');
  assert.deepEqual(kinds(seen), [
    'tool-call-start',
    'tool-call-delta',
    'tool-call-delta',
    'tool-call-end',
    'finish',
  ]);
  assert.equal((seen.at(-1) as { reason: string }).reason, 'tool-calls');
  assert.equal(joiner.joints[0]?.seam, 'call');
});

test('another call, or the same with another beginning, is never joined to a cut one', () => {
  for (const input of ['{"path":"b.ts"}', '{"path":"a.ts"']) {
    const { seen } = join([
      [...call('{"path":"a.ts","text":"lo'), finish('length')],
      [...call(input), finish('tool-calls')],
    ]);
    const shown = seen.map((event) => (event.type === 'tool-call-delta' ? event.text : '')).join('');
    assert.equal(shown, '{"path":"a.ts","text":"lo');
    assert.equal((seen.at(-1) as { reason: string }).reason, 'length');
  }
});

test('a call that was complete when the limit came is a call', () => {
  const { seen } = join([[...call('{"path":"a.ts"}'), finish('length')]]);
  assert.equal((seen.at(-1) as { reason: string }).reason, 'tool-calls');
});

test('an answer cut in its thoughts is not continued', () => {
  const thoughts: TurnEvent[] = [
    { type: 'reasoning-start', index: 0 },
    { type: 'reasoning-delta', index: 0, channel: 'text', part: 0, text: 'hm' },
    { type: 'reasoning-end', index: 0 },
    finish('length'),
  ];
  const { seen, joiner } = join([thoughts]);
  assert.equal(joiner.joints.length, 0);
  assert.deepEqual(kinds(seen), ['reasoning-start', 'reasoning-delta', 'reasoning-end', 'finish']);
});

test('thoughts of a later part are not shown, and a call after the text is', () => {
  const second: TurnEvent[] = [
    { type: 'start', id: 's', model: 'm', createdAt: 2 },
    { type: 'reasoning-start', index: 0 },
    { type: 'reasoning-delta', index: 0, channel: 'text', part: 0, text: 'hm' },
    { type: 'reasoning-end', index: 0 },
    { type: 'text-start', index: 1 },
    { type: 'text-delta', index: 1, text: 'and read it now' },
    { type: 'text-end', index: 1 },
    ...call('{}', 2),
    finish('tool-calls'),
  ];
  const { seen } = join([[...text('I open the file '), finish('length')], second]);
  assert.equal(said(seen), 'I open the file and read it now');
  assert.deepEqual(
    seen.flatMap((event) => ('index' in event ? [event.index] : [])),
    [0, 0, 0, 0, 1, 1, 1],
  );
});

test('an answer that ends by itself passes unchanged', () => {
  const events = [...text('a', 'b'), ...call('{}', 1), finish('tool-calls')];
  assert.deepEqual(join([events]).seen, events);
});

const request = (more: Partial<TurnRequest> = {}): TurnRequest => ({
  model: 'm',
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
  tools: [],
  stream: true,
  ...more,
});

test('the client’s own limit is kept, and JSON is not begun twice', () => {
  const used = [{ inputTokens: 1, outputTokens: 900 }];
  assert.equal(mayContinue(request(), used, 10), true);
  assert.equal(mayContinue(request({ maxOutputTokens: 1000 }), used, 10), true);
  assert.equal(mayContinue(request({ maxOutputTokens: 900 }), used, 10), false);
  assert.equal(mayContinue(request({ responseFormat: { type: 'json-object' } }), used, 10), false);
  const target = { protocol: 'openai-chat' as const, model: 'm' };
  const next = continuationRequest(
    request({ maxOutputTokens: 1000 }),
    { kind: 'text', text: 'abc' },
    target,
    used,
    3,
  );
  assert.equal(next.request.maxOutputTokens, 100);
});

test('only models that take it are given the beginning of their answer; others are asked to go on', () => {
  const resume = { kind: 'text', text: 'half a sentence ' } as const;
  const of = (model: string, more: Partial<TurnRequest> = {}) =>
    continuationRequest(request(more), resume, { protocol: 'anthropic-messages', model }, [], 0);
  const old = of('claude-sonnet-4-5-20250929');
  assert.equal(old.prefilled, true);
  assert.deepEqual(old.request.messages.at(-1), {
    role: 'assistant',
    parts: [{ type: 'text', text: 'half a sentence' }],
  });
  for (const asked of [
    of('claude-opus-4-6'),
    of('claude-sonnet-5'),
    of('claude-sonnet-4-5', { reasoning: { effort: 'high' } }),
  ]) {
    assert.equal(asked.prefilled, false);
    assert.equal(asked.request.messages.at(-1)?.role, 'user');
  }
});
