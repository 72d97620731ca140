import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { packBlock, unpackBlock } from '../engine/pack.ts';
import { latencyBlock } from '../testing/figures.ts';
import { decodeBlock, encodeBlock, mergeSamples } from './block.ts';
import { DamagedBlock } from './bytes.ts';
import { fromCode, toCode } from './quantise.ts';
import { inOrder } from './samples.ts';

const precision = { scale: 1000, bits: 5 };

describe('values as codes', () => {
  it('stay within the promised error, keep their order, and small whole numbers stay as they are', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.integer({ min: 4, max: 16 }),
        (value, bits) => {
          const kept = fromCode(toCode(value, { scale: 1000, bits }), { scale: 1000, bits });
          assert.ok(Math.abs(kept - value) <= Math.abs(value) * 2 ** -(bits + 1) + 0.0005001);
        },
      ),
    );
    let before = Number.NEGATIVE_INFINITY;
    for (let units = -5000; units <= 5000; units += 1) {
      const code = toCode(units, { scale: 1, bits: 5 });
      assert.ok(code >= before);
      before = code;
    }
    for (let units = 0; units < 64; units += 1)
      assert.equal(fromCode(toCode(units, { scale: 1, bits: 5 }), { scale: 1, bits: 5 }), units);
    const far = 2 ** 50 + 12_345;
    assert.ok(
      Math.abs(fromCode(toCode(far, { scale: 1, bits: 20 }), { scale: 1, bits: 20 }) / far - 1) < 1e-6,
    );
  });
});

describe('a block of samples', () => {
  it('comes back with its states, its gaps in the values, and times within a fiftieth of the pace', () => {
    const sample = fc.record({
      gap: fc.integer({ min: 1, max: 20_000 }),
      value: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: Number.NaN }),
      state: fc.integer({ min: 0, max: 7 }),
    });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 60 }), fc.boolean(), (list, delta) => {
        let time = 1_700_000_000_000;
        const samples = {
          ts: list.map(({ gap }) => (time += gap)),
          values: list.map(({ value }) => value),
          states: list.map(({ state }) => state),
        };
        const kept = decodeBlock(encodeBlock(samples, precision, delta ? 'delta' : 'offset'), precision);
        assert.deepEqual(kept.samples.states, samples.states);
        assert.equal(kept.samples.ts.length, samples.ts.length);
        for (const [at, ts] of samples.ts.entries())
          assert.ok(Math.abs((kept.samples.ts[at] ?? 0) - ts) <= kept.resolutionMs / 2 + 0.5);
        for (const [at, value] of samples.values.entries()) {
          const back = kept.samples.values[at] ?? Number.NaN;
          if (Number.isNaN(value)) assert.ok(Number.isNaN(back));
          else assert.ok(Math.abs(back - value) <= value / 64 + 0.001);
        }
      }),
    );
  });

  it('of an hour of realistic latencies takes less than a byte a sample', () => {
    let bytes = 0;
    let count = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const samples = latencyBlock(seed, 1_700_000_000_000);
      bytes += packBlock(samples, precision).length;
      count += samples.ts.length;
    }
    assert.ok(bytes / count <= 1, `${bytes / count} bytes a sample`);
  });

  it('read twice, or joined with samples that came late, holds every sample once', () => {
    const samples = latencyBlock(7, 1_700_000_000_000);
    const kept = unpackBlock(packBlock(samples, precision), precision);
    assert.equal(mergeSamples(kept, samples).ts.length, samples.ts.length);
    const late = { ts: [1_700_000_002_600], values: [99], states: [1] };
    const merged = mergeSamples(kept, late);
    assert.equal(merged.ts.length, samples.ts.length + 1);
    assert.ok(merged.values.includes(99));
  });

  it('samples that came out of order are put in order, and of one time the last stays', () => {
    const mixed = { ts: [3, 1, 2, 1], values: [30, 10, 20, 11], states: [1, 1, 1, 3] };
    assert.deepEqual(inOrder(mixed), { ts: [1, 2, 3], values: [11, 20, 30], states: [3, 1, 1] });
  });

  it('that is cut or garbled is refused, never read wrongly for ever', () => {
    const bytes = encodeBlock(latencyBlock(3, 1_700_000_000_000), precision, 'offset');
    for (let length = 0; length < bytes.length; length += 97)
      assert.throws(() => decodeBlock(bytes.subarray(0, length), precision), DamagedBlock);
    const claims = Uint8Array.from([1, 255, 255, 255, 255, 255, 127, ...bytes.subarray(3)]);
    assert.throws(() => decodeBlock(claims, precision), DamagedBlock);
  });
});
