import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSseParser, protocols, type TurnEvent } from '@vigiles/wire';
import { RepeatedDeltas } from './repeated-deltas.ts';

const chat = (delta: unknown, rest = {}) =>
  `data: ${JSON.stringify({ id: 'c', model: 'm', created: 1, choices: [{ index: 0, delta, finish_reason: null, ...rest }] })}\n\n`;
const call = (args: string) => ({ tool_calls: [{ index: 0, function: { arguments: args } }] });
const stream = [
  chat({ role: 'assistant', content: '' }),
  ...['One', ' two', ' three, "quoted"', ' line\nend \\', '', ' one', 'é🙂'].map((content) =>
    chat({ content }),
  ),
  chat({ reasoning_content: 'hm' }),
  chat({ reasoning_content: 'hm, m' }),
  chat({ content: 'again' }),
  ': alive\n\n',
  chat({ content: 'and on' }),
  chat({ content: 'and' }),
  chat({
    tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: '' } }],
  }),
  ...['{"a"', ':', '1}'].map((part) => chat(call(part))),
  chat({ content: 'last', role: 'assistant' }, { finish_reason: 'stop' }),
  'data: [DONE]\n\n',
].join('');

function told(pieces: readonly Buffer[], repeats: boolean): { events: TurnEvent[]; read: number } {
  const decoded = protocols['openai-chat'].decodeRequest({
    model: 'm',
    messages: [{ role: 'user', content: 'hi' }],
  });
  assert.ok(decoded.ok);
  const { names } = protocols['openai-chat'].encodeRequest(decoded.value, { model: 'm', issuer: 'p' });
  const context = { names, issuer: 'p', newId: (prefix: string) => `${prefix}_1`, nowSeconds: () => 1 };
  const decoder = protocols['openai-chat'].createStreamDecoder(context);
  const parser = createSseParser();
  const repeated = new RepeatedDeltas('openai-chat', parser);
  const events: TurnEvent[] = [];
  let read = 0;
  for (const piece of pieces) {
    const delta = repeats ? repeated.read(piece) : undefined;
    if (delta !== undefined) {
      read += 1;
      if (delta) events.push(delta);
      continue;
    }
    const whole = parser.push(piece);
    for (const event of whole) {
      const meant = decoder.push(event);
      if (event === whole.at(-1)) repeated.learn(piece, meant);
      events.push(...meant);
    }
  }
  return { events, read };
}

/** The same events with texts in one that follow each other in one block. */
function joined(events: readonly TurnEvent[]): TurnEvent[] {
  const all: TurnEvent[] = [];
  for (const event of events) {
    const last = all.at(-1);
    if (last && 'text' in last && 'text' in event && last.type === event.type && last.index === event.index)
      all.splice(-1, 1, { ...last, text: last.text + event.text });
    else all.push(event);
  }
  return all;
}

test('a stream means the same whether its repeated pieces are taken apart or not, however it is cut', () => {
  const bytes = Buffer.from(stream);
  const whole = stream.split(/(?<=\n\n)/).map((event) => Buffer.from(event));
  assert.ok(told(whole, true).read >= 5, 'the short way is taken');
  const cuts = [whole, ...[1, 7, 64, 150, 333, 1000].map((size) => cut(bytes, size))];
  // Several events at a time, as they come from a fast provider.
  for (const many of [2, 3])
    cuts.push(whole.flatMap((_, at) => (at % many === 0 ? [Buffer.concat(whole.slice(at, at + many))] : [])));
  for (const pieces of cuts)
    assert.deepEqual(joined(told(pieces, true).events), joined(told(pieces, false).events));
});

test('the form of events is learned from the last of several, and what comes together is told as one', () => {
  const texts = ['a', 'b', 'c "d"', 'e', 'f'].map((content) => Buffer.from(chat({ content })));
  const pieces = [Buffer.concat(texts.slice(0, 2)), Buffer.concat(texts.slice(2))];
  const { events, read } = told(pieces, true);
  assert.equal(read, 1);
  assert.deepEqual(events.at(-1), { type: 'text-delta', index: 0, text: 'c "d"ef' });
});

function cut(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

test('answers of protocols whose decoders remember what was said are always taken apart', () => {
  const parser = createSseParser();
  const repeated = new RepeatedDeltas('openai-responses', parser);
  const event = Buffer.from('data: {"type":"response.output_text.delta","delta":"one"}\n\n');
  parser.push(event);
  repeated.learn(event, [{ type: 'text-delta', index: 0, text: 'one' }]);
  assert.equal(repeated.read(event), undefined);
});
