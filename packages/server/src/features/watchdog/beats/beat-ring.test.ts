import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sampleStates, type Beat } from '@vigiles/contract';
import { BeatRing } from './beat-ring.ts';

const beat = (n: number): Beat => ({
  ts: 1_790_000_000_000 + n,
  state: sampleStates[n % sampleStates.length] ?? 'UP',
  latency_ms: n % 3 === 0 ? null : n / 7,
  ...(n % 4 === 0 ? { message: `look ${n}` } : {}),
});

it('a ring of looks gives back the last ones as they were, while it grows and when it goes round', () => {
  const ring = new BeatRing(90);
  assert.deepEqual([ring.all(), ring.last()], [[], undefined]);
  const given: Beat[] = [];
  for (let n = 0; n < 400; n += 1) {
    ring.push(beat(n));
    given.push(beat(n));
    assert.deepEqual(ring.last(), beat(n));
    if (n % 7 === 0) assert.deepEqual(ring.all(), given.slice(-90));
  }
});
