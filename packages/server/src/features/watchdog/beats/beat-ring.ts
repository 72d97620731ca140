import { sampleStates, type Beat } from '@vigiles/contract';

const firstRoom = 15;
/** More than there are states. */
const stateRoom = 16;

/**
 * The last looks at one service, oldest first. A thousand services with ninety looks each are kept as figures, 16 bytes a look
 * instead of 90 as objects; only what failed has words.
 */
export class BeatRing {
  readonly #size: number;
  #room = firstRoom;
  /** When (UTC ms) and in which state, as one whole number, and how long it took in ms (NaN: no answer), side by side. */
  #figures = new Float64Array(firstRoom * 2);
  #messages: Map<number, string> | null = null;
  /** Looks so far: the place of the next one. */
  #count = 0;

  constructor(size: number) {
    this.#size = size;
  }

  push({ ts, state, latency_ms: latencyMs, message }: Beat): void {
    if (this.#count === this.#room && this.#room < this.#size) this.#grow();
    const at = this.#count % this.#room;
    this.#figures[at * 2] = Math.round(ts) * stateRoom + sampleStates.indexOf(state);
    this.#figures[at * 2 + 1] = latencyMs ?? Number.NaN;
    if (message !== undefined) (this.#messages ??= new Map()).set(at, message);
    else if (this.#messages?.delete(at) && this.#messages.size === 0) this.#messages = null;
    this.#count += 1;
  }

  last(): Beat | undefined {
    return this.#count === 0 ? undefined : this.#beat((this.#count - 1) % this.#room);
  }

  all(): Beat[] {
    const length = Math.min(this.#count, this.#room);
    return Array.from({ length }, (_, i) => this.#beat((this.#count - length + i) % this.#room));
  }

  #beat(at: number): Beat {
    const latencyMs = this.#figures[at * 2 + 1] ?? Number.NaN;
    const moment = this.#figures[at * 2] ?? 0;
    const message = this.#messages?.get(at);
    return {
      ts: Math.floor(moment / stateRoom),
      state: sampleStates[moment % stateRoom] ?? 'UNKNOWN',
      latency_ms: Number.isNaN(latencyMs) ? null : latencyMs,
      ...(message === undefined ? {} : { message }),
    };
  }

  /** Only before it goes round for the first time: everything stays where it is. */
  #grow(): void {
    this.#room = Math.min(this.#size, this.#room * 2);
    const figures = new Float64Array(this.#room * 2);
    figures.set(this.#figures);
    this.#figures = figures;
  }
}
