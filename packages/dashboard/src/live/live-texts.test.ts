import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addLive, settleLive, type LiveText } from './live-texts.ts';

test('pieces become one text until the log has the whole of it', () => {
  let texts: readonly LiveText[] = [];
  texts = addLive(texts, 'message:delta', { item_id: 'a', delta: 'Hel' });
  texts = addLive(texts, 'skill:output', { item_id: 'b', delta: 'ok\n' });
  texts = addLive(texts, 'message:delta', { item_id: 'a', delta: 'lo' });
  assert.deepEqual(
    texts.map(({ text }) => text),
    ['Hello', 'ok\n'],
  );
  texts = settleLive(texts, 'message:assistant', { item_id: 'a', text: 'Hello' });
  assert.deepEqual(
    texts.map(({ itemId }) => itemId),
    ['b'],
  );
  assert.deepEqual(settleLive(texts, 'execution:completed', {}), []);
});

test('an endless text keeps its end only', () => {
  let texts: readonly LiveText[] = [];
  for (let i = 0; i < 100; i += 1)
    texts = addLive(texts, 'skill:output', { item_id: 'b', delta: 'x'.repeat(1000) });
  assert.equal(texts[0]?.text.length, 8000);
});
