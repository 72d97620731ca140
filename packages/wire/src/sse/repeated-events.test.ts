import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRepeatedEvents } from './repeated-events.ts';

const event = (content: string, rest = '"finish_reason":null') =>
  `data: {"id":"c","choices":[{"delta":{"content":${JSON.stringify(content)}},${rest}}]}\n\n`;
const learned = (data = event('one')) => {
  const repeated = createRepeatedEvents();
  const start = data.indexOf('one');
  repeated.learn(Buffer.from(data), start, start + 3);
  return {
    read(given: string) {
      const bytes = Buffer.from(given);
      const found = repeated.read(bytes);
      if (!found) return undefined;
      const { spans, ...rest } = found;
      const texts = spans.flatMap((from, at) =>
        at % 2 === 0 ? [bytes.toString('utf8', from, spans[at + 1])] : [],
      );
      return { texts, ...rest };
    },
  };
};

test('events that differ in nothing but their text are read without being taken apart', () => {
  const repeated = learned();
  assert.deepEqual(repeated.read(event('two') + event('three "quoted" \\') + event('')), {
    texts: ['two', String.raw`three \"quoted\" \\`, ''],
    chars: 22,
    ascii: true,
    escaped: true,
  });
  assert.deepEqual(repeated.read(event('éß')), { texts: ['éß'], chars: 2, ascii: false, escaped: false });
});

test('whatever else is among them has to be taken apart', () => {
  const others = [
    event('two', '"finish_reason":"stop"'),
    event('two') + 'data: [DONE]\n\n',
    event('two') + ': alive\n\n',
    event('two').slice(0, -1),
    event('two').replace('two', 'two","tool_calls":[{}],"x":"'),
    event('two').replace('two', 'two\ndata: more'),
    event('two').replace('two', 'two\r'),
    event('two').replace('"c"', '"d"'),
  ];
  for (const data of others) {
    const repeated = learned();
    assert.equal(repeated.read(data), undefined, data);
    assert.equal(
      repeated.read(event('two')),
      undefined,
      'what came between may have changed what an event means',
    );
  }
});

test('a form with escapes in it is not learned: its quotes may be part of a text', () => {
  const data = event('one', String.raw`"note":"a \"one\" b"`);
  assert.equal(learned(data).read(data), undefined);
});

test('a stream whose events are never alike is left alone after a while', () => {
  const repeated = createRepeatedEvents();
  for (let number = 0; number < 20; number += 1) {
    const data = event('one', `"sequence_number":${number}`);
    assert.equal(repeated.read(Buffer.from(data)), undefined);
    const start = data.indexOf('one');
    repeated.learn(Buffer.from(data), start, start + 3);
  }
  assert.equal(repeated.ready(), false);
});
