import { noSamples, pushSample, type Samples } from './samples.ts';

const firstRoom = 16;
/** Values that are whole hundredths below this are kept in two bytes; this one stands for none. */
const noValue = 0xffff;

type Grows = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Linear at last: a thousand series that keep a third of their room empty are megabytes. */
const roomAfter = (room: number): number => Math.ceil(room * 1.25) + 16;

function grown<A extends Grows>(to: A, from: A): A {
  to.set(from);
  return to;
}

/**
 * The samples of one series and hour that are not yet a block, exactly as they came. Looks come one after the other and take so
 * many hundredths of a millisecond: those need 5 bytes each. A longer gap, a time before the last one or any other value makes
 * it 13.
 */
export class Head {
  /** UTC ms of the hour. */
  readonly start: number;
  length = 0;
  /** Milliseconds since the sample before, or since the start of the hour. */
  #gaps: Uint16Array | null = new Uint16Array(firstRoom);
  #offsets: Uint32Array | null = null;
  #hundredths: Uint16Array | null = new Uint16Array(firstRoom);
  #values: Float64Array | null = null;
  #states = new Uint8Array(firstRoom);
  #last = 0;

  constructor(start: number) {
    this.start = start;
  }

  push(ts: number, value: number, state: number): void {
    const at = this.length;
    if (at === this.#states.length) this.#grow();
    const offset = ts - this.start;
    this.#pushTime(at, offset);
    this.#pushValue(at, value);
    this.#states[at] = state;
    this.#last = offset;
    this.length += 1;
  }

  samples(): Samples {
    const samples = noSamples();
    this.each((ts, value, state) => pushSample(samples, ts, value, state));
    return samples;
  }

  each(visit: (ts: number, value: number, state: number) => void): void {
    let offset = 0;
    for (let at = 0; at < this.length; at += 1) {
      offset = this.#gaps ? offset + (this.#gaps[at] ?? 0) : (this.#offsets?.[at] ?? 0);
      visit(this.start + offset, this.#valueAt(at), this.#states[at] ?? 0);
    }
  }

  #pushTime(at: number, offset: number): void {
    const gap = offset - this.#last;
    if (this.#gaps && Number.isInteger(gap) && gap >= 0 && gap <= 0xffff) this.#gaps[at] = gap;
    else {
      this.#offsets ??= this.#wideTimes();
      this.#offsets[at] = offset;
    }
  }

  #wideTimes(): Uint32Array {
    const offsets = new Uint32Array(this.#states.length);
    let offset = 0;
    for (let at = 0; at < this.length; at += 1) offsets[at] = offset += this.#gaps?.[at] ?? 0;
    this.#gaps = null;
    return offsets;
  }

  #pushValue(at: number, value: number): void {
    const hundredths = Number.isNaN(value) ? noValue : Math.round(value * 100);
    const fits =
      Number.isNaN(value) ||
      ((hundredths > 0 || Object.is(hundredths, 0)) && hundredths < noValue && hundredths / 100 === value);
    if (this.#hundredths && fits) this.#hundredths[at] = hundredths;
    else {
      this.#values ??= this.#wideValues();
      this.#values[at] = value;
    }
  }

  #wideValues(): Float64Array {
    const values = new Float64Array(this.#states.length);
    for (let at = 0; at < this.length; at += 1) values[at] = this.#valueAt(at);
    this.#hundredths = null;
    return values;
  }

  #valueAt(at: number): number {
    if (this.#values) return this.#values[at] ?? Number.NaN;
    const hundredths = this.#hundredths?.[at] ?? noValue;
    return hundredths === noValue ? Number.NaN : hundredths / 100;
  }

  #grow(): void {
    const room = roomAfter(this.#states.length);
    if (this.#gaps) this.#gaps = grown(new Uint16Array(room), this.#gaps);
    if (this.#offsets) this.#offsets = grown(new Uint32Array(room), this.#offsets);
    if (this.#hundredths) this.#hundredths = grown(new Uint16Array(room), this.#hundredths);
    if (this.#values) this.#values = grown(new Float64Array(room), this.#values);
    this.#states = grown(new Uint8Array(room), this.#states);
  }
}
