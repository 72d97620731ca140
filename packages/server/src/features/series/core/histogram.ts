import { DamagedBlock } from './bytes.ts';

/** No value that can be counted has a code beyond: it is damaged, and would take room for everything in between. */
const maxCode = 65_536;

/** Counts by histogram code, in order. Dense: codes of one series lie close together. */
export class Histogram {
  /** Code of the first count. */
  base = 0;
  counts = new Uint32Array(0);

  /** Throws `DamagedBlock` for a code that no value has. */
  add(code: number, count: number): void {
    let at = code - this.base;
    if (!(at >= 0 && at < this.counts.length)) {
      this.#reach(code);
      at = code - this.base;
    }
    this.counts[at] = (this.counts[at] ?? 0) + count;
  }

  join({ base, counts }: Histogram): void {
    if (counts.length === 0) return;
    this.reserve(base, base + counts.length - 1);
    const shift = base - this.base;
    const into = this.counts;
    for (let at = 0; at < counts.length; at += 1)
      into[at + shift] = (into[at + shift] ?? 0) + (counts[at] ?? 0);
  }

  /** Code and count of those that are not empty. */
  *[Symbol.iterator](): IterableIterator<[code: number, count: number]> {
    for (const [at, count] of this.counts.entries()) if (count > 0) yield [this.base + at, count];
  }

  /** Makes room at once for what comes. Throws `DamagedBlock` for codes that no value has. */
  reserve(from: number, to: number): void {
    if (from < this.base || to >= this.base + this.counts.length) {
      this.#reach(from);
      this.#reach(to);
    }
  }

  #reach(code: number): void {
    if (!(Math.abs(code) <= maxCode)) throw new DamagedBlock('a histogram with a code that no value has');
    const { base, counts } = this;
    const size = counts.length;
    if (size === 0) {
      this.base = code - 8;
      this.counts = new Uint32Array(24);
      return;
    }
    const end = base + size;
    if (code >= base && code < end) return;
    // Half as much again to the side it grows to: the next ones are not far.
    const from = code < base ? code - (size >> 1) : base;
    const to = code >= end ? code + 1 + (size >> 1) : end;
    const grown = new Uint32Array(to - from);
    grown.set(counts, base - from);
    this.base = from;
    this.counts = grown;
  }
}
