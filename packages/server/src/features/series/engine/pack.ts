import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { decodeBlock, encodeBlock, type DecodedBlock } from '../core/block.ts';
import { ByteReader, ByteWriter } from '../core/bytes.ts';
import type { Precision } from '../core/quantise.ts';
import { decodeRollups, encodeRollups, type Looks, type Rollup } from '../core/rollup.ts';
import type { Samples } from '../core/samples.ts';

/** No block of an hour is larger: a damaged one must not fill the memory. */
const maxOutputLength = 64 * 1024 * 1024;

const squeeze = (bytes: Uint8Array, strategy: number): Uint8Array =>
  deflateRawSync(bytes, { level: 9, memLevel: 9, strategy });

const smallest = (candidates: Uint8Array[]): Uint8Array =>
  candidates.reduce((best, each) => (each.length < best.length ? each : best));

/** One byte that says whether what follows is compressed. */
function seal(plain: Uint8Array[]): Uint8Array {
  const { Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY } = constants;
  const best = smallest(
    plain.flatMap((bytes) => [squeeze(bytes, Z_DEFAULT_STRATEGY), squeeze(bytes, Z_HUFFMAN_ONLY)]),
  );
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
  seal([encodeBlock(samples, precision, 'offset'), encodeBlock(samples, precision, 'delta')]);

export const unpackBlock = (data: Uint8Array, precision: Precision): DecodedBlock =>
  decodeBlock(unseal(data), precision);

/** The minutes of an hour. @param base number of the first minute */
export const packMinutes = (minutes: ReadonlyMap<number, Rollup>, base: number): Uint8Array =>
  seal([
    encodeRollups(
      [...minutes].sort(([a], [b]) => a - b),
      base,
    ),
  ]);

export const unpackMinutes = (data: Uint8Array, base: number): Map<number, Rollup> =>
  decodeRollups(unseal(data), base);

/** An hour or a day. Its looks come first and plain: uptime of a year reads nothing else. */
export function packRollup(rollup: Rollup): Uint8Array {
  const writer = new ByteWriter();
  const { up, down, unknown, planned } = rollup.looks;
  for (const count of [up, down, unknown, planned]) writer.varint(count);
  writer.all(seal([encodeRollups([[0, rollup]], 0)]));
  return writer.done();
}

function readLooks(reader: ByteReader): Looks {
  const [up, down, unknown, planned] = [reader.varint(), reader.varint(), reader.varint(), reader.varint()];
  return { up, down, unknown, planned };
}

export const unpackLooks = (data: Uint8Array): Looks => readLooks(new ByteReader(data));

export function unpackRollup(data: Uint8Array): Rollup {
  const reader = new ByteReader(data);
  readLooks(reader);
  const rollup = decodeRollups(unseal(data.subarray(reader.at)), 0).get(0);
  if (!rollup) throw new Error('an empty sum');
  return rollup;
}
