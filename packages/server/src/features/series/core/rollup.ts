import { ByteReader, ByteWriter, DamagedBlock } from './bytes.ts';
import { histogramBits, toCode, unitsOf, type Precision } from './quantise.ts';
import type { Samples } from './samples.ts';

/** Looks by what they found. */
export interface Looks {
  up: number;
  down: number;
  unknown: number;
  /** In maintenance, or stopped by a person. */
  planned: number;
}

/** What is kept of many samples; two of them can be joined, percentiles included. Values in units of `1 / scale`. */
export interface Rollup {
  looks: Looks;
  /** Samples with a value. */
  count: number;
  sum: number;
  min: number;
  max: number;
  /** Samples by histogram code. */
  histogram: Map<number, number>;
}

export const newRollup = (): Rollup => ({
  looks: { up: 0, down: 0, unknown: 0, planned: 0 },
  count: 0,
  sum: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  histogram: new Map(),
});

/** By position in the contract's `sampleStates`. */
const lookOf: readonly (keyof Looks | null)[] = [
  null,
  'up',
  'up',
  'down',
  'down',
  'unknown',
  'planned',
  'planned',
];

const histogramPrecision = ({ scale, bits }: Precision): Precision => ({
  scale,
  bits: Math.min(bits, histogramBits),
});

export function addSample(into: Rollup, value: number, state: number, precision: Precision): void {
  const look = lookOf[state];
  if (look) into.looks[look] += 1;
  if (Number.isNaN(value)) return;
  const units = Math.round(value * precision.scale);
  into.count += 1;
  into.sum += units;
  if (units < into.min) into.min = units;
  if (units > into.max) into.max = units;
  const code = toCode(value, histogramPrecision(precision));
  into.histogram.set(code, (into.histogram.get(code) ?? 0) + 1);
}

export function join(into: Rollup, other: Rollup): void {
  into.looks.up += other.looks.up;
  into.looks.down += other.looks.down;
  into.looks.unknown += other.looks.unknown;
  into.looks.planned += other.looks.planned;
  into.count += other.count;
  into.sum += other.sum;
  if (other.min < into.min) into.min = other.min;
  if (other.max > into.max) into.max = other.max;
  for (const [code, count] of other.histogram)
    into.histogram.set(code, (into.histogram.get(code) ?? 0) + count);
}

/** Samples summed by spans of `spanMs`, keyed by the span's number since the epoch. */
export function rollUp(samples: Samples, spanMs: number, precision: Precision): Map<number, Rollup> {
  const rollups = new Map<number, Rollup>();
  for (const [at, time] of samples.ts.entries()) {
    const slot = Math.floor(time / spanMs);
    let rollup = rollups.get(slot);
    if (!rollup) rollups.set(slot, (rollup = newRollup()));
    addSample(rollup, samples.values[at] ?? Number.NaN, samples.states[at] ?? 0, precision);
  }
  return rollups;
}

/** Values at these shares (0 to 1) of all samples; null where there are none. Within the extremes that were seen. */
export function percentiles(
  { histogram, count, min, max }: Rollup,
  precision: Precision,
  shares: readonly number[],
): (number | null)[] {
  if (count === 0) return shares.map(() => null);
  const { bits } = histogramPrecision(precision);
  const codes = [...histogram.keys()].sort((a, b) => a - b);
  const results: number[] = [];
  let below = 0;
  let at = 0;
  for (const share of shares) {
    const rank = Math.max(1, Math.ceil(share * count));
    while (at < codes.length - 1 && below + (histogram.get(codes[at] ?? 0) ?? 0) < rank) {
      below += histogram.get(codes[at] ?? 0) ?? 0;
      at += 1;
    }
    const units = unitsOf(codes[at] ?? 0, bits);
    results.push(Math.min(max, Math.max(min, units)) / precision.scale);
  }
  return results;
}

/** Rollups of consecutive slots as bytes, column by column. @param entries in order of their slots */
export function encodeRollups(
  entries: readonly (readonly [slot: number, rollup: Rollup])[],
  base: number,
): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(1);
  writer.varint(entries.length);
  let last = base;
  for (const [slot] of entries) {
    writer.varint(slot - last);
    last = slot;
  }
  for (const look of ['up', 'down', 'unknown', 'planned'] as const)
    for (const [, { looks }] of entries) writer.varint(looks[look]);
  for (const [, { count }] of entries) writer.varint(count);
  for (const [, { count, min }] of entries) if (count > 0) writer.zigzag(min);
  for (const [, { count, min, max }] of entries) if (count > 0) writer.varint(max - min);
  for (const [, { count, sum, min }] of entries) if (count > 0) writer.varint(sum - min * count);
  for (const [, { histogram }] of entries) {
    const codes = [...histogram.keys()].sort((a, b) => a - b);
    writer.varint(codes.length);
    let before = 0;
    for (const [at, code] of codes.entries()) {
      if (at === 0) writer.zigzag(code);
      else writer.varint(code - before);
      before = code;
    }
    for (const code of codes) writer.varint(histogram.get(code) ?? 0);
  }
  return writer.done();
}

/** Throws `DamagedBlock`. */
export function decodeRollups(bytes: Uint8Array, base: number): Map<number, Rollup> {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== 1) throw new DamagedBlock('sums of an unknown version');
  const size = reader.varint();
  if (size > 100_000) throw new DamagedBlock('sums claim too many spans');
  const rollups = new Map<number, Rollup>();
  let slot = base;
  for (let at = 0; at < size; at += 1) rollups.set((slot += reader.varint()), newRollup());
  const all = [...rollups.values()];
  for (const look of ['up', 'down', 'unknown', 'planned'] as const)
    for (const { looks } of all) looks[look] = reader.varint();
  for (const rollup of all) rollup.count = reader.varint();
  const known = all.filter(({ count }) => count > 0);
  for (const rollup of known) rollup.min = reader.zigzag();
  for (const rollup of known) rollup.max = rollup.min + reader.varint();
  for (const rollup of known) rollup.sum = reader.varint() + rollup.min * rollup.count;
  for (const { histogram } of all) {
    const codes: number[] = [];
    const length = reader.varint();
    for (let at = 0; at < length; at += 1)
      codes.push(at === 0 ? reader.zigzag() : (codes[at - 1] ?? 0) + reader.varint());
    for (const code of codes) histogram.set(code, reader.varint());
  }
  return rollups;
}
