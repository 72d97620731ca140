import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { decodeBlock, encodeBlock, type DecodedBlock } from '../core/block.ts';
import { ByteReader, ByteWriter } from '../core/bytes.ts';
import type { Precision } from '../core/quantise.ts';
import {
  decodeLooks,
  decodeRollups,
  encodeRollups,
  foldRollups,
  type Looks,
  type Rollup,
} from '../core/rollup.ts';
import type { Samples } from '../core/samples.ts';

/** No block of an hour is larger: a damaged one must not fill the memory. */
const maxOutputLength = 64 * 1024 * 1024;

const { Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY } = constants;
type Squeeze = (bytes: Uint8Array) => Uint8Array;
const squeezeWith =
  (level: number, strategy: number): Squeeze =>
  (bytes) =>
    deflateRawSync(bytes, { level, memLevel: 9, strategy });
/** For what stays as it is: whichever is smaller. */
const thoroughly = [squeezeWith(9, Z_DEFAULT_STRATEGY), squeezeWith(9, Z_HUFFMAN_ONLY)];
/** For rows that are written again each hour. */
const quickly = [squeezeWith(6, Z_DEFAULT_STRATEGY)];

const smallest = (candidates: Uint8Array[]): Uint8Array =>
  candidates.reduce((best, each) => (each.length < best.length ? each : best));

/** One byte that says whether what follows is compressed. */
function seal(plain: Uint8Array[], ways: readonly Squeeze[]): Uint8Array {
  const best = smallest(plain.flatMap((bytes) => ways.map((squeeze) => squeeze(bytes))));
  const stored = smallest(plain);
  const [flag, body] = best.length < stored.length ? [1, best] : [0, stored];
  const sealed = new Uint8Array(body.length + 1);
  sealed[0] = flag;
  sealed.set(body, 1);
  return sealed;
}

/** Throws for what is damaged. */
function unseal(data: Uint8Array): Uint8Array {
  const body = data.subarray(1);
  return data[0] === 1 ? inflateRawSync(body, { maxOutputLength }) : body;
}

/** Every sample of an hour, in the smallest of the layouts. */
export const packBlock = (samples: Samples, precision: Precision): Uint8Array =>
  seal([encodeBlock(samples, precision, 'offset'), encodeBlock(samples, precision, 'delta')], thoroughly);

export const unpackBlock = (data: Uint8Array, precision: Precision): DecodedBlock =>
  decodeBlock(unseal(data), precision);

const encodeSums = (sums: ReadonlyMap<number, Rollup>, base: number): Uint8Array =>
  encodeRollups(
    [...sums].sort(([a], [b]) => a - b),
    base,
  );

/** The minutes of an hour. @param base number of the first minute */
export const packMinutes = (minutes: ReadonlyMap<number, Rollup>, base: number): Uint8Array =>
  seal([encodeSums(minutes, base)], thoroughly);

export const unpackMinutes = (data: Uint8Array, base: number): Map<number, Rollup> =>
  decodeRollups(unseal(data), base);

/** Adds them to what `into` names for their minute. */
export const foldMinutes = (data: Uint8Array, base: number, into: (minute: number) => Rollup | null): void =>
  foldRollups(unseal(data), base, into);

/**
 * Begins a row of several sums. No row of a single sum (as they were written at first) begins so: those begin with the
 * shortest form of a number, and this is a long one of zero.
 */
const manyMark = [0x80, 0x00] as const;
const isMany = (data: Uint8Array): boolean => manyMark.every((byte, at) => data[at] === byte);

/** Sums of hours of a day, or days of a month. @param base the first slot of the row */
export function packSums(sums: ReadonlyMap<number, Rollup>, base: number): Uint8Array {
  const writer = new ByteWriter();
  for (const byte of manyMark) writer.byte(byte);
  writer.all(seal([encodeSums(sums, base)], quickly));
  return writer.done();
}

/** What `packSums` wrote, or a single sum of the row's own slot. Throws for what is damaged. */
export function unpackSums(data: Uint8Array, base: number): Map<number, Rollup> {
  if (isMany(data)) return decodeRollups(unseal(data.subarray(manyMark.length)), base);
  const reader = new ByteReader(data);
  readLooks(reader);
  const rollup = decodeRollups(unseal(data.subarray(reader.at)), 0).get(0);
  if (!rollup) throw new Error('an empty sum');
  return new Map([[base, rollup]]);
}

/** The looks of `unpackSums`, for less: uptime of a year needs nothing else. */
export const unpackLooks = (data: Uint8Array, base: number): Map<number, Looks> =>
  isMany(data)
    ? decodeLooks(unseal(data.subarray(manyMark.length)), base)
    : new Map([[base, readLooks(new ByteReader(data))]]);

function readLooks(reader: ByteReader): Looks {
  const [up, down, unknown, planned] = [reader.varint(), reader.varint(), reader.varint(), reader.varint()];
  return { up, down, unknown, planned };
}
