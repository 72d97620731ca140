import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { TurnRequest } from '@vigiles/wire';
import { createTokenCounter } from './token-counter.ts';

const saying = (text: string): TurnRequest =>
  ({ messages: [{ role: 'user', parts: [{ type: 'text', text }] }], tools: [] }) as unknown as TurnRequest;

test('tokens are counted without holding up the event loop, whatever the text', async (t) => {
  const counter = createTokenCounter();
  t.after(() => counter.close());
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 1);
  const [short, long] = await Promise.all([
    counter.count(saying('Hello, world!')),
    counter.count(saying('a'.repeat(40_000))),
  ]);
  clearInterval(ticking);
  assert.ok(short >= 4 && short < 20);
  assert.ok(long > 1000);
  assert.ok(turns > 0);
});

test('the thread ends when nobody asks, and starts again for the next question', async (t) => {
  const counter = createTokenCounter(1);
  t.after(() => counter.close());
  const first = await counter.count(saying('one two three'));
  await wait(20);
  assert.equal(await counter.count(saying('one two three')), first);
});
