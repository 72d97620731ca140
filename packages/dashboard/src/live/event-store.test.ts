import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VigilesEvent } from '@vigiles/contract';
import { createEventStore } from './event-store.ts';

const event = (seq: number): VigilesEvent => ({
  seq,
  id: `evt_${seq}`,
  type: 'system.stopped',
  ts: seq,
  actor: 'system',
  subject: 'control',
  data: { reason: 'test' },
});

function setup(capacity = 5) {
  const frames: (() => void)[] = [];
  const failures: unknown[] = [];
  const store = createEventStore({
    capacity,
    schedule: (flush) => frames.push(flush),
    failed: (thrown) => failures.push(thrown),
  });
  const batches: number[][] = [];
  store.onBatch((batch) => batches.push(batch.map((each) => each.seq)));
  const frame = (): void => frames.splice(0).forEach((run) => run());
  return { store, batches, frame, frames, failures };
}

test('a burst is handed on once, in one frame', () => {
  const { store, batches, frame, frames } = setup();
  let renders = 0;
  store.subscribe(() => (renders += 1));
  for (const seq of [1, 2, 3]) store.push(event(seq));
  assert.equal(frames.length, 1);
  frame();
  assert.deepEqual(batches, [[1, 2, 3]]);
  assert.equal(renders, 1);
});

test('an event that comes again after a reconnect is dropped', () => {
  const { store, batches, frame } = setup();
  store.push(event(1));
  store.push(event(2));
  frame();
  for (const seq of [1, 2, 3, 3]) store.push(event(seq));
  frame();
  assert.deepEqual(batches, [[1, 2], [3]]);
  assert.deepEqual(
    store.snapshot().events.map((each) => each.seq),
    [1, 2, 3],
  );
});

test('the cursor counts events that wait for their frame', () => {
  const { store } = setup();
  store.push(event(7));
  assert.equal(store.cursor(), 7);
  assert.equal(store.snapshot().lastSeq, 0);
});

test('only the newest events are kept', () => {
  const { store, frame } = setup(3);
  for (let seq = 1; seq <= 10; seq += 1) store.push(event(seq));
  frame();
  assert.deepEqual(
    store.snapshot().events.map((each) => each.seq),
    [8, 9, 10],
  );
});

test('a reset takes a lower cursor, because the log behind it is another one', () => {
  const { store, frame, batches } = setup();
  store.push(event(50));
  store.reset([event(2)], 2);
  frame();
  assert.deepEqual(batches, []);
  store.push(event(3));
  frame();
  assert.deepEqual(batches, [[3]]);
});

test('a snapshot is the same object until something changes', () => {
  const { store } = setup();
  assert.equal(store.snapshot(), store.snapshot());
});

test('a handler that throws takes the batch from nobody else', () => {
  const { store, batches, frame, failures } = setup();
  const thrown = new Error('no such list');
  store.onBatch(() => {
    throw thrown;
  });
  const late: number[] = [];
  store.onBatch((batch) => late.push(...batch.map(({ seq }) => seq)));
  store.push(event(1));
  frame();
  assert.deepEqual([batches, late, failures], [[[1]], [1], [thrown]]);
  assert.equal(store.snapshot().lastSeq, 1);
});
