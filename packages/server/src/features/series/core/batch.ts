import { ByteReader, ByteWriter, DamagedBlock } from './bytes.ts';

/** Samples of many series as they came, within about a second. */
export interface Batch {
  ids: Uint32Array;
  /** UTC milliseconds. */
  ts: Float64Array;
  /** NaN: only a state. */
  values: Float64Array;
  states: Uint8Array;
}

/** A batch as one entry of the journal. Values stay as exact as they came. */
export function encodeBatch({ ids, ts, values, states }: Batch): Uint8Array {
  const writer = new ByteWriter();
  writer.varint(ids.length);
  let before = 0;
  for (let at = 0; at < ids.length; at += 1) {
    writer.varint(ids[at] ?? 0);
    writer.zigzag(Math.round(ts[at] ?? 0) - before);
    before = Math.round(ts[at] ?? 0);
    writer.byte(states[at] ?? 0);
  }
  writer.all(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return writer.done();
}

/** Throws `DamagedBlock`. */
export function decodeBatch(bytes: Uint8Array): Batch {
  const reader = new ByteReader(bytes);
  const count = reader.varint();
  if (count > bytes.length) throw new DamagedBlock('a journal entry claims too many samples');
  const batch: Batch = {
    ids: new Uint32Array(count),
    ts: new Float64Array(count),
    values: new Float64Array(count),
    states: new Uint8Array(count),
  };
  let before = 0;
  for (let at = 0; at < count; at += 1) {
    batch.ids[at] = reader.varint();
    batch.ts[at] = before += reader.zigzag();
    batch.states[at] = reader.byte();
  }
  // Copied: the bytes of a row need not be aligned.
  batch.values.set(new Float64Array(reader.take(count * 8).slice().buffer));
  return batch;
}
