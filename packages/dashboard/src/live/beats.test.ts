import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Beat } from '@vigiles/contract';
import { createBeats, joinBeats } from './beats.ts';

const beat = (ts: number): Beat => ({ ts, state: 'UP', latency_ms: 1 });
const times = (list: readonly Beat[]) => list.map(({ ts }) => ts);

test('beats are told to the rows of their service alone', () => {
  const beats = createBeats();
  const told: string[] = [];
  beats.subscribe('a', () => told.push('a'));
  const end = beats.subscribe('b', () => told.push('b'));
  beats.add({
    beats: [
      { service: 'b', ...beat(1) },
      { service: 'b', ...beat(2) },
      { service: 'c', ...beat(2) },
    ],
  });
  end();
  beats.add({ beats: [{ service: 'b', ...beat(3) }] });
  assert.deepEqual(told, ['b']);
  assert.deepEqual(times(beats.of('b')), [1, 2, 3]);
});

test('a beat that came twice, or that the list has, is shown once', () => {
  const beats = createBeats();
  beats.add({ beats: [{ service: 'a', ...beat(3) }] });
  beats.add({ beats: [{ service: 'a', ...beat(3) }] });
  assert.deepEqual(times(joinBeats([beat(1), beat(2), beat(3)], beats.of('a'))), [1, 2, 3]);
  assert.deepEqual(times(joinBeats([beat(1)], beats.of('a'))), [1, 3]);
});

test('what has not changed stays the same object', () => {
  const beats = createBeats();
  assert.equal(beats.of('a'), beats.of('b'));
  const listed = [beat(1)];
  assert.equal(joinBeats(listed, beats.of('a')), listed);
});

test('no more than a bar shows is kept, and nothing that the list has or of services that are gone', () => {
  const beats = createBeats();
  for (let ts = 1; ts <= 200; ts += 1)
    beats.add({
      beats: [
        { service: 'a', ...beat(ts) },
        { service: 'gone', ...beat(ts) },
      ],
    });
  assert.equal(beats.of('a').length, 90);
  assert.equal(joinBeats([beat(1)], beats.of('a')).length, 90);
  beats.forget([{ name: 'a', beats: [beat(198)] }]);
  assert.deepEqual(times(beats.of('a')), [199, 200]);
  assert.equal(beats.of('gone').length, 0);
});

test('they are wanted while somebody looks, and not given up between two screens', () => {
  const due: (() => void)[] = [];
  const beats = createBeats({
    setTimeout: ((run: () => void) => due.push(run)) as unknown as typeof setTimeout,
    clearTimeout: () => void due.splice(0),
  });
  const told: boolean[] = [];
  beats.onWanted((wanted) => told.push(wanted));
  beats.look()();
  const leave = beats.look();
  assert.deepEqual([told, due.length], [[true], 0]);
  leave();
  due[0]?.();
  assert.deepEqual(told, [true, false]);
  assert.equal(beats.isWanted(), false);
});
