import { ByteReader, ByteWriter, DamagedBlock } from './bytes.ts';
import { fromCode, toCode, type Precision } from './quantise.ts';
import { inOrder, noSamples, pushSample, type Samples } from './samples.ts';

const version = 1;
/** More samples than anybody takes in an hour: what says otherwise is damaged. */
const maxCount = 10_000_000;

/** Times are kept as multiples of `resolutionMs` from `anchor`. */
export interface BlockTimes {
  anchor: number;
  resolutionMs: number;
}

export interface DecodedBlock extends BlockTimes {
  samples: Samples;
}

/** How the values are written; which one is smaller depends on whether they wander (delta) or scatter (offset). */
export type ValueLayout = 'offset' | 'delta';

/**
 * Samples as bytes that compress well: times as the change of their distance (zero for a steady pace), states as one
 * byte where they do not change, values as codes in planes of bytes. Rounds times to a fiftieth of the usual distance,
 * at most 100 ms.
 * @param samples in order, at least one
 */
export function encodeBlock(samples: Samples, precision: Precision, layout: ValueLayout): Uint8Array {
  const { ts, values, states } = samples;
  const writer = new ByteWriter();
  const { anchor, resolutionMs } = timesOf(ts);
  writer.byte(version);
  writer.varint(ts.length);
  writer.varint(anchor);
  writer.varint(resolutionMs);
  let tick = 0;
  let pace = 0;
  for (const time of ts) {
    const next = tickOf(time, { anchor, resolutionMs });
    writer.zigzag(next - tick - pace);
    pace = next - tick;
    tick = next;
  }
  writeStates(writer, states);
  const codes = values.filter((value) => !Number.isNaN(value)).map((value) => toCode(value, precision));
  writer.varint(codes.length);
  if (codes.length > 0 && codes.length < values.length) writeMask(writer, values);
  if (codes.length > 0) writeCodes(writer, codes, layout);
  return writer.done();
}

/** Throws `DamagedBlock`. */
export function decodeBlock(bytes: Uint8Array, precision: Precision): DecodedBlock {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== version) throw new DamagedBlock('a block of an unknown version');
  const count = reader.varint();
  if (count > maxCount) throw new DamagedBlock('a block claims too many samples');
  const anchor = reader.varint();
  const resolutionMs = reader.varint();
  const samples = noSamples();
  let tick = 0;
  let pace = 0;
  for (let at = 0; at < count; at += 1) {
    pace += reader.zigzag();
    tick += pace;
    samples.ts.push(anchor + tick * resolutionMs);
  }
  readStates(reader, count, samples.states);
  const known = reader.varint();
  if (known > count) throw new DamagedBlock('a block claims too many values');
  const mask = known > 0 && known < count ? reader.take(Math.ceil(count / 8)) : null;
  const codes = known > 0 ? readCodes(reader, known) : [];
  let next = 0;
  for (let at = 0; at < count; at += 1) {
    const has = mask ? ((mask[at >> 3] ?? 0) >> (at & 7)) & 1 : known > 0;
    samples.values.push(has ? fromCode(codes[next++] ?? 0, precision) : Number.NaN);
  }
  return { samples, anchor, resolutionMs };
}

/** The tick of a time in a block: two times with one tick are the same sample seen twice. */
export const tickOf = (time: number, { anchor, resolutionMs }: BlockTimes): number =>
  Math.round((time - anchor) / resolutionMs);

/** A block with samples that came later; a later one replaces what is kept of the same moment. */
export function mergeSamples(kept: DecodedBlock, late: Samples): Samples {
  const replaced = new Set(late.ts.map((time) => tickOf(time, kept)));
  const merged = noSamples();
  for (const [at, time] of kept.samples.ts.entries()) {
    if (replaced.has(tickOf(time, kept))) continue;
    pushSample(merged, time, kept.samples.values[at] ?? Number.NaN, kept.samples.states[at] ?? 0);
  }
  for (const [at, time] of late.ts.entries())
    pushSample(merged, time, late.values[at] ?? Number.NaN, late.states[at] ?? 0);
  return inOrder(merged);
}

/** An anchor in the middle of the jitter, so that a steady pace gives the same number of ticks each time. */
function timesOf(ts: readonly number[]): BlockTimes {
  const first = ts[0] ?? 0;
  const gaps = ts.slice(1).map((time, at) => time - (ts[at] ?? 0));
  const usual = median(gaps) ?? 1;
  const resolutionMs = Math.min(100, Math.max(1, Math.floor(usual / 50)));
  const off = ts.map((time) => time - first - Math.round((time - first) / resolutionMs) * resolutionMs);
  return { anchor: Math.max(0, first + Math.round(median(off) ?? 0)), resolutionMs };
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? null;
}

function writeStates(writer: ByteWriter, states: readonly number[]): void {
  const same = states.every((state) => state === states[0]);
  writer.byte(same ? 1 : 0);
  writer.all(Uint8Array.from(same ? states.slice(0, 1) : states));
}

function readStates(reader: ByteReader, count: number, into: number[]): void {
  const same = reader.byte() === 1;
  if (same && count > 0) {
    const state = reader.byte();
    for (let at = 0; at < count; at += 1) into.push(state);
  } else for (const state of reader.take(count)) into.push(state);
}

function writeMask(writer: ByteWriter, values: readonly number[]): void {
  const mask = new Uint8Array(Math.ceil(values.length / 8));
  for (const [at, value] of values.entries())
    if (!Number.isNaN(value)) mask[at >> 3] = (mask[at >> 3] ?? 0) | (1 << (at & 7));
  writer.all(mask);
}

/** Low bytes first, then the higher ones: those are nearly always the same and cost nothing. */
function writeCodes(writer: ByteWriter, codes: readonly number[], layout: ValueLayout): void {
  const delta = layout === 'delta';
  const steps = delta ? codes.map((code, at) => (at === 0 ? 0 : code - (codes[at - 1] ?? 0))) : codes;
  let base = Number.POSITIVE_INFINITY;
  let top = Number.NEGATIVE_INFINITY;
  for (const step of steps) {
    if (step < base) base = step;
    if (step > top) top = step;
  }
  let planes = 0;
  for (let rest = top - base; rest > 0; rest = Math.floor(rest / 256)) planes += 1;
  writer.byte(delta ? 1 : 0);
  writer.zigzag(codes[0] ?? 0);
  writer.zigzag(base);
  writer.byte(planes);
  for (let plane = 0; plane < planes; plane += 1) {
    const weight = 256 ** plane;
    writer.all(Uint8Array.from(steps, (step) => Math.floor((step - base) / weight) % 256));
  }
}

function readCodes(reader: ByteReader, count: number): Float64Array {
  const delta = reader.byte() === 1;
  const first = reader.zigzag();
  const base = reader.zigzag();
  const planes = reader.byte();
  if (planes > 7) throw new DamagedBlock('a block with too many planes');
  const codes = new Float64Array(count).fill(base);
  for (let plane = 0; plane < planes; plane += 1) {
    const weight = 256 ** plane;
    for (const [at, byte] of reader.take(count).entries()) codes[at] = (codes[at] ?? 0) + byte * weight;
  }
  if (!delta) return codes;
  let code = first;
  for (let at = 0; at < count; at += 1) codes[at] = code = at === 0 ? first : code + (codes[at] ?? 0);
  return codes;
}
