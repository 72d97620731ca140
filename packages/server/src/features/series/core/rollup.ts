import { ByteReader, ByteWriter, DamagedBlock } from './bytes.ts';
import { Histogram } from './histogram.ts';
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
  histogram: Histogram;
}

export const newRollup = (): Rollup => ({
  looks: { up: 0, down: 0, unknown: 0, planned: 0 },
  count: 0,
  sum: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  histogram: new Histogram(),
});

const lookNames = ['up', 'down', 'unknown', 'planned'] as const;

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
  into.histogram.add(toCode(value, histogramPrecision(precision)), 1);
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
  into.histogram.join(other.histogram);
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
  const { base, counts } = histogram;
  const results: number[] = [];
  let upTo = counts[0] ?? 0;
  let at = 0;
  for (const share of shares) {
    const rank = Math.max(1, Math.ceil(share * count));
    while (at < counts.length - 1 && upTo < rank) upTo += counts[(at += 1)] ?? 0;
    const units = unitsOf(base + at, bits);
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
  for (const look of lookNames) for (const [, { looks }] of entries) writer.varint(looks[look]);
  for (const [, { count }] of entries) writer.varint(count);
  for (const [, { count, min }] of entries) if (count > 0) writer.zigzag(min);
  for (const [, { count, min, max }] of entries) if (count > 0) writer.varint(max - min);
  for (const [, { count, sum, min }] of entries) if (count > 0) writer.varint(sum - min * count);
  for (const [, { histogram }] of entries) {
    const counted = [...histogram];
    writer.varint(counted.length);
    let before = 0;
    for (const [at, [code]] of counted.entries()) {
      if (at === 0) writer.zigzag(code);
      else writer.varint(code - before);
      before = code;
    }
    for (const [, count] of counted) writer.varint(count);
  }
  return writer.done();
}

/** The slots of encoded sums. */
function readSlots(reader: ByteReader, base: number): number[] {
  if (reader.byte() !== 1) throw new DamagedBlock('sums of an unknown version');
  const size = reader.varint();
  if (size > 100_000) throw new DamagedBlock('sums claim too many spans');
  const slots: number[] = [];
  for (let at = 0, slot = base; at < size; at += 1) slots.push((slot += reader.varint()));
  return slots;
}

/** Only the looks of what `decodeRollups` would give, by slot; they come first. Throws `DamagedBlock`. */
export function decodeLooks(bytes: Uint8Array, base: number): Map<number, Looks> {
  const reader = new ByteReader(bytes);
  const slots = readSlots(reader, base);
  const looks = slots.map(() => newRollup().looks);
  for (const name of lookNames) for (const each of looks) each[name] = reader.varint();
  return new Map(slots.map((slot, at) => [slot, looks[at] ?? newRollup().looks]));
}

/**
 * Adds encoded sums to what `into` names for their slot, without making them one by one: a chart joins thousands of them.
 * Null leaves one out. Throws `DamagedBlock`, and may have added a part then.
 */
export function foldRollups(bytes: Uint8Array, base: number, into: (slot: number) => Rollup | null): void {
  const reader = new ByteReader(bytes);
  const targets = readSlots(reader, base).map(into);
  const size = targets.length;
  for (const name of lookNames)
    for (const target of targets) {
      const count = reader.varint();
      if (target) target.looks[name] += count;
    }
  const counts = new Float64Array(size);
  const mins = new Float64Array(size);
  const spans = new Float64Array(size);
  for (let at = 0; at < size; at += 1) counts[at] = reader.varint();
  for (let at = 0; at < size; at += 1) if (counts[at]) mins[at] = reader.zigzag();
  for (let at = 0; at < size; at += 1) if (counts[at]) spans[at] = reader.varint();
  for (let at = 0; at < size; at += 1) {
    const [count = 0, min = 0, span = 0, target] = [counts[at], mins[at], spans[at], targets[at]];
    if (count === 0) continue;
    const sum = reader.varint() + min * count;
    if (!target) continue;
    target.count += count;
    target.sum += sum;
    if (min < target.min) target.min = min;
    if (min + span > target.max) target.max = min + span;
  }
  for (const target of targets) foldHistogram(reader, target?.histogram ?? null);
}

/** No histogram has more codes than this. */
const maxCodes = 2 ** 17;
/** One histogram while it is read: steps from code to code, and counts. */
let steps = new Float64Array(256);
let counted = new Float64Array(256);

function foldHistogram(reader: ByteReader, into: Histogram | null): void {
  const length = reader.varint();
  if (length === 0) return;
  if (length > maxCodes) throw new DamagedBlock('a histogram claims too many codes');
  if (length > steps.length) {
    steps = new Float64Array(length);
    counted = new Float64Array(length);
  }
  let code = reader.zigzag();
  reader.varints(length - 1, steps);
  reader.varints(length, counted);
  if (!into) return;
  let last = code;
  for (let at = 0; at < length - 1; at += 1) last += steps[at] ?? 0;
  into.reserve(code, last);
  for (let at = 0; at < length; at += 1) {
    into.add(code, counted[at] ?? 0);
    code += steps[at] ?? 0;
  }
}

/** Throws `DamagedBlock`. */
export function decodeRollups(bytes: Uint8Array, base: number): Map<number, Rollup> {
  const rollups = new Map<number, Rollup>();
  foldRollups(bytes, base, (slot) => {
    const rollup = newRollup();
    rollups.set(slot, rollup);
    return rollup;
  });
  return rollups;
}
