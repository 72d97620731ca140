import { noSamples, pushSample, type Samples } from './samples.ts';

/** The samples of one series and hour that are not yet a block: 13 bytes each. */
export class Head {
  /** UTC ms of the hour. */
  readonly start: number;
  length = 0;
  #offsets = new Uint32Array(16);
  #values = new Float64Array(16);
  #states = new Uint8Array(16);

  constructor(start: number) {
    this.start = start;
  }

  push(ts: number, value: number, state: number): void {
    const at = this.length;
    if (at === this.#offsets.length) this.#grow();
    this.#offsets[at] = ts - this.start;
    this.#values[at] = value;
    this.#states[at] = state;
    this.length += 1;
  }

  samples(): Samples {
    const samples = noSamples();
    this.each((ts, value, state) => pushSample(samples, ts, value, state));
    return samples;
  }

  each(visit: (ts: number, value: number, state: number) => void): void {
    for (let at = 0; at < this.length; at += 1)
      visit(this.start + (this.#offsets[at] ?? 0), this.#values[at] ?? Number.NaN, this.#states[at] ?? 0);
  }

  #grow(): void {
    const size = Math.ceil(this.#offsets.length * 1.6);
    const grown = <A extends Uint32Array | Float64Array | Uint8Array>(to: A, from: A): A => {
      to.set(from);
      return to;
    };
    this.#offsets = grown(new Uint32Array(size), this.#offsets);
    this.#values = grown(new Float64Array(size), this.#values);
    this.#states = grown(new Uint8Array(size), this.#states);
  }
}
