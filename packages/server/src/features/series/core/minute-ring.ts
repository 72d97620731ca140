/** Averages of the last minutes of one series, for sparklines: kept as samples come, so that nothing has to be read. */
export class MinuteRing {
  static readonly size = 60;
  readonly #minutes = new Int32Array(MinuteRing.size).fill(-1);
  readonly #sums = new Float64Array(MinuteRing.size);
  readonly #counts = new Uint32Array(MinuteRing.size);

  add(ts: number, value: number): void {
    const minute = Math.floor(ts / 60_000);
    const at = minute % MinuteRing.size;
    if ((this.#minutes[at] ?? -1) > minute) return;
    if (this.#minutes[at] !== minute) {
      this.#minutes[at] = minute;
      this.#sums[at] = 0;
      this.#counts[at] = 0;
    }
    this.#sums[at] = (this.#sums[at] ?? 0) + value;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  /** Oldest first, ending with the minute that `now` lies in; null is a gap. */
  values(now: number, count: number): (number | null)[] {
    const newest = Math.floor(now / 60_000);
    const values: (number | null)[] = [];
    for (let minute = newest - count + 1; minute <= newest; minute += 1) {
      const at = minute % MinuteRing.size;
      const counted = this.#minutes[at] === minute ? (this.#counts[at] ?? 0) : 0;
      values.push(counted === 0 ? null : (this.#sums[at] ?? 0) / counted);
    }
    return values;
  }
}
