import { noSamples, pushSample, type Samples } from './samples.ts';

/**
 * Samples in a piece: ten minutes of a look each five seconds. All pieces of a width are of one size, so that what an hour leaves
 * in the heap fits the next one; arrays that grow would leave holes each time.
 */
const pieceLength = 120;
/** Gap, hundredths, state. */
const narrowBytes = 2 + 2 + 1;
/** Offset, value, state. */
const wideBytes = 4 + 8 + 1;
/** Values that are whole hundredths below this are kept in two bytes; this one stands for none. */
const noValue = 0xffff;

/**
 * The samples of one series and hour that are not yet a block, exactly as they came. Looks come one after the other and take so
 * many hundredths of a millisecond: those need 5 bytes each. A longer gap, a time before the last one or any other value makes
 * it 13.
 */
export class Head {
  /** UTC ms of the hour. */
  readonly start: number;
  length = 0;
  #pieces: DataView[] = [];
  #wide = false;
  /** Milliseconds from the start of the hour to the first sample: the hour may be half over when looks begin. */
  #first = 0;
  /** And to the last one. */
  #last = 0;

  constructor(start: number) {
    this.start = start;
  }

  push(ts: number, value: number, state: number): void {
    const offset = ts - this.start;
    if (this.length === 0 && Number.isInteger(offset)) this.#first = this.#last = offset;
    const gap = offset - this.#last;
    const hundredths = Number.isNaN(value) ? noValue : Math.round(value * 100);
    if (!this.#wide && !(gapFits(gap) && valueFits(value, hundredths))) this.#widen();
    const bytes = this.#wide ? wideBytes : narrowBytes;
    const within = this.length % pieceLength;
    if (within === 0) this.#pieces.push(new DataView(new ArrayBuffer(pieceLength * bytes)));
    const piece = this.#pieces.at(-1);
    const at = within * bytes;
    if (this.#wide) {
      piece?.setUint32(at, offset);
      piece?.setFloat64(at + 4, value);
    } else {
      piece?.setUint16(at, gap);
      piece?.setUint16(at + 2, hundredths);
    }
    piece?.setUint8(at + bytes - 1, state);
    this.#last = offset;
    this.length += 1;
  }

  /** Memory that its samples take. */
  get bytes(): number {
    return this.#pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  }

  samples(): Samples {
    const samples = noSamples();
    this.each((ts, value, state) => pushSample(samples, ts, value, state));
    return samples;
  }

  each(visit: (ts: number, value: number, state: number) => void): void {
    const bytes = this.#wide ? wideBytes : narrowBytes;
    let left = this.length;
    let offset = this.#first;
    for (const piece of this.#pieces) {
      const end = Math.min(left, pieceLength) * bytes;
      for (let at = 0; at < end; at += bytes) {
        offset = this.#wide ? piece.getUint32(at) : offset + piece.getUint16(at);
        const value = this.#wide ? piece.getFloat64(at + 4) : valueOf(piece.getUint16(at + 2));
        visit(this.start + offset, value, piece.getUint8(at + bytes - 1));
      }
      left -= pieceLength;
    }
  }

  #widen(): void {
    const wide = new Head(this.start);
    wide.#wide = true;
    this.each((ts, value, state) => wide.push(ts, value, state));
    this.#pieces = wide.#pieces;
    this.#wide = true;
  }
}

const gapFits = (gap: number): boolean => Number.isInteger(gap) && gap >= 0 && gap <= 0xffff;

const valueFits = (value: number, hundredths: number): boolean =>
  Number.isNaN(value) ||
  ((hundredths > 0 || Object.is(hundredths, 0)) && hundredths < noValue && hundredths / 100 === value);

const valueOf = (hundredths: number): number => (hundredths === noValue ? Number.NaN : hundredths / 100);
