import type { ServiceState } from '@vigiles/contract';

const bucketMs = 900_000;
const bucketCount = 96;

/** What we could not tell, what was planned and what a person stopped is neither up nor down. */
const counts = new Set<ServiceState>(['UP', 'SUSPECT', 'DOWN', 'RECOVERING']);
const isUp = new Set<ServiceState>(['UP', 'SUSPECT']);

export const countsForUptime = (state: ServiceState): boolean => counts.has(state);
export const foundUp = (state: ServiceState): boolean => isUp.has(state);

/** Looks that found it up and looks that count, over the last 24 hours, in buckets of a quarter of an hour. */
export class Uptime {
  /** Per bucket those that found it up and all, side by side: 65,535 in a quarter of an hour are 72 a second. */
  readonly #looks = new Uint16Array(bucketCount * 2);
  /** The newest bucket, counted from 1970; what it goes round over is emptied. */
  #newest = 0;

  add(ts: number, state: ServiceState, times = 1): void {
    if (!counts.has(state)) return;
    const epoch = Math.floor(ts / bucketMs);
    this.#advance(epoch);
    // From before the last 24 hours, by a clock that was put back.
    if (epoch <= this.#newest - bucketCount) return;
    const at = (epoch % bucketCount) * 2;
    this.#looks[at + 1] = (this.#looks[at + 1] ?? 0) + times;
    if (isUp.has(state)) this.#looks[at] = (this.#looks[at] ?? 0) + times;
  }

  /** Share from 0 to 1; null when nothing counted. */
  share(now: number): number | null {
    this.#advance(Math.floor(now / bucketMs));
    let ups = 0;
    let total = 0;
    for (let at = 0; at < this.#looks.length; at += 2) {
      ups += this.#looks[at] ?? 0;
      total += this.#looks[at + 1] ?? 0;
    }
    return total === 0 ? null : ups / total;
  }

  #advance(epoch: number): void {
    if (epoch - this.#newest >= bucketCount) this.#looks.fill(0);
    else
      for (let next = this.#newest + 1; next <= epoch; next += 1)
        this.#looks.fill(0, (next % bucketCount) * 2, (next % bucketCount) * 2 + 2);
    this.#newest = Math.max(this.#newest, epoch);
  }
}
