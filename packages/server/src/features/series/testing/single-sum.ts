import { ByteWriter } from '../core/bytes.ts';
import { encodeRollups, type Rollup } from '../core/rollup.ts';

/** A row of one sum as versions before rows of many wrote it, not compressed. */
export function packSingle(rollup: Rollup): Uint8Array {
  const writer = new ByteWriter();
  const { up, down, unknown, planned } = rollup.looks;
  for (const count of [up, down, unknown, planned]) writer.varint(count);
  writer.byte(0);
  writer.all(encodeRollups([[0, rollup]], 0));
  return writer.done();
}
