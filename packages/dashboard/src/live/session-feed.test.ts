import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionEvent } from '@vigiles/contract';
import { createSessionFeed, FEED_PAGE } from './session-feed.ts';

const event = (seq: number): SessionEvent => ({
  session_id: 's',
  seq,
  event_id: `e${seq}`,
  ts: seq,
  type: 'skill:progress',
  actor: 'agent',
  command_id: null,
  data: {},
});

function start(head: number) {
  const asked: number[] = [];
  let frame: (() => void) | null = null;
  const feed = createSessionFeed({
    head,
    oldest: 1,
    async read(afterSeq, limit) {
      asked.push(afterSeq);
      return Array.from({ length: Math.min(limit, head - afterSeq) }, (_, at) => event(afterSeq + 1 + at));
    },
    schedule: (flush) => (frame = flush),
  });
  return { feed, asked, flush: () => frame?.() };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a log of any length is read only where it is looked at', async () => {
  const { feed, asked, flush } = start(100_000);
  assert.equal(feed.row(100_000), undefined);
  assert.equal(feed.row(99_999), undefined);
  await settled();
  flush();
  assert.equal(feed.row(100_000)?.seq, 100_000);
  assert.equal(feed.row(99_801)?.seq, 99_801);
  assert.deepEqual(asked, [99_800]);
});

test('looking through the whole log keeps a bounded part of it', async () => {
  const { feed, asked } = start(100 * FEED_PAGE);
  for (let page = 0; page < 100; page += 1) {
    feed.row(page * FEED_PAGE + 1);
    await settled();
  }
  assert.equal(feed.row(1), undefined);
  assert.equal(asked.at(-1), 0);
});

test('an event that comes twice is there once, and a frame tells many at once', () => {
  const { feed, flush } = start(10);
  let told = 0;
  const batches: number[][] = [];
  feed.subscribe(() => (told += 1));
  feed.onBatch((batch) => batches.push(batch.map(({ seq }) => seq)));
  for (const seq of [11, 12, 11, 9, 13]) feed.push(event(seq));
  assert.equal(told, 0);
  flush();
  assert.equal(told, 1);
  assert.deepEqual(batches, [[11, 12, 13]]);
  assert.equal(feed.snapshot().head, 13);
  assert.equal(feed.row(12)?.seq, 12);
});

test('held still it counts what comes and shows it when it goes on', () => {
  const { feed, flush } = start(10);
  feed.hold(true);
  feed.push(event(11));
  feed.push(event(12));
  flush();
  assert.deepEqual([feed.snapshot().head, feed.snapshot().waiting], [10, 2]);
  feed.hold(false);
  assert.deepEqual([feed.snapshot().head, feed.snapshot().waiting], [12, 0]);
});

test('another log under the same name starts anew', () => {
  const { feed, flush } = start(50);
  feed.joined(3, 1, true);
  flush();
  assert.equal(feed.snapshot().head, 3);
  feed.push(event(4));
  flush();
  assert.equal(feed.snapshot().head, 4);
});
