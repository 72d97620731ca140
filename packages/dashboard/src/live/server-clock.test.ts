import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServerClock } from './server-clock.ts';

const at = (ms: number): string => new Date(ms).toISOString();

test('a clock that is wrong here is set right by what the server says', () => {
  let now = 1_000_000;
  const clock = createServerClock(() => now);
  clock.tell(at(700_000));
  assert.equal(clock.now(), 700_000);
  now += 5_000;
  assert.equal(clock.now(), 705_000);
});

test('the way of a message is no difference, and what is no time changes nothing', () => {
  const clock = createServerClock(() => 1_000_000);
  clock.tell(at(999_200));
  assert.equal(clock.now(), 1_000_000);
  clock.tell(at(2_000_000));
  for (const nothing of [undefined, 'soon', 5]) clock.tell(nothing);
  assert.equal(clock.now(), 2_000_000);
});
