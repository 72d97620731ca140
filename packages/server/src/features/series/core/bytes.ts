/** What was read is not what was written: a damaged block. */
export class DamagedBlock extends Error {}

/** Numbers as bytes, seven bits each; small numbers are short. */
export class ByteWriter {
  bytes = new Uint8Array(256);
  length = 0;

  byte(value: number): void {
    this.#room(1);
    this.bytes[this.length] = value;
    this.length += 1;
  }

  /** A whole number from 0 to 2^53. */
  varint(value: number): void {
    this.#room(8);
    let rest = value;
    while (rest >= 128) {
      this.bytes[this.length] = (rest % 128) + 128;
      this.length += 1;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length] = rest;
    this.length += 1;
  }

  /** A whole number of either sign. */
  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  all(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  done(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  #room(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    grown.set(this.bytes);
    this.bytes = grown;
  }
}

/** Reads what a `ByteWriter` wrote; throws `DamagedBlock` past the end. */
export class ByteReader {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw new DamagedBlock('a block ends too early');
    this.at += 1;
    return value;
  }

  varint(): number {
    const first = this.byte();
    if (first < 128) return first;
    let value = first & 127;
    let weight = 128;
    for (;;) {
      const next = this.byte();
      value += (next & 127) * weight;
      if (next < 128) return value;
      weight *= 128;
      if (weight > 2 ** 56) throw new DamagedBlock('a number in a block is too long');
    }
  }

  /** Several numbers into `to`, from its start: the bulk of what is read, so it is kept tight. */
  varints(count: number, to: Float64Array): void {
    const { bytes } = this;
    let { at } = this;
    for (let place = 0; place < count; place += 1) {
      const byte = bytes[at];
      if (byte !== undefined && byte < 128) {
        to[place] = byte;
        at += 1;
        continue;
      }
      this.at = at;
      to[place] = this.varint();
      ({ at } = this);
    }
    this.at = at;
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  take(count: number): Uint8Array {
    if (this.at + count > this.bytes.length) throw new DamagedBlock('a block ends too early');
    const taken = this.bytes.subarray(this.at, this.at + count);
    this.at += count;
    return taken;
  }
}
