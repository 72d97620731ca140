import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VigilesEvent } from '@vigiles/contract';
import { createEventStore } from './event-store.ts';
import { takeFirstPage } from './first-page.ts';

const event = (seq: number): VigilesEvent => ({
  seq,
  id: `evt_${seq}`,
  type: 'system.stopped',
  ts: seq * 10,
  actor: 'system',
  subject: 'control',
  data: { reason: 'test' },
});

function load(seqs: number[], headSeq: number, openedAt: number) {
  const store = createEventStore({ capacity: 10, schedule: (flush) => flush(), failed: assert.ifError });
  const told: number[] = [];
  store.onBatch((batch) => told.push(...batch.map(({ seq }) => seq)));
  takeFirstPage(store, seqs.map(event), headSeq, openedAt);
  return { told, cursor: store.cursor(), kept: store.snapshot().events.map(({ seq }) => seq) };
}

test('what happened before the page was opened is kept and told to nobody', () => {
  assert.deepEqual(load([1, 2, 3], 3, 100), { told: [], cursor: 3, kept: [1, 2, 3] });
});

test('what happened while the page was loading is told like any live event', () => {
  assert.deepEqual(load([1, 2, 3, 4], 2, 30), { told: [3, 4], cursor: 4, kept: [1, 2, 3, 4] });
  assert.deepEqual(load([3, 4], 2, 0), { told: [3, 4], cursor: 4, kept: [3, 4] });
});

test('an empty page leaves the cursor at the end of the log', () => {
  assert.deepEqual(load([], 7, 30), { told: [], cursor: 7, kept: [] });
});
