/** More samples of a minute than this do not change its average visibly. */
const mostCounted = 0xffff;

/** Averages of the last minutes of one series, for sparklines: kept as samples come, so that nothing has to be read. */
export class MinuteRing {
  static readonly size = 60;
  /** The newest minute a sample came for. */
  #newest = -1;
  readonly #sums: Float64Array;
  readonly #counts: Uint16Array;

  constructor() {
    // One piece of memory: a thousand series have a thousand rings.
    const { size } = MinuteRing;
    const room = new ArrayBuffer(size * (Float64Array.BYTES_PER_ELEMENT + Uint16Array.BYTES_PER_ELEMENT));
    this.#sums = new Float64Array(room, 0, size);
    this.#counts = new Uint16Array(room, size * Float64Array.BYTES_PER_ELEMENT, size);
  }

  add(ts: number, value: number): void {
    const minute = Math.floor(ts / 60_000);
    if (minute <= this.#newest - MinuteRing.size) return;
    this.#forgetUpTo(minute);
    const at = minute % MinuteRing.size;
    const count = this.#counts[at] ?? 0;
    if (count === mostCounted) return;
    this.#sums[at] = (this.#sums[at] ?? 0) + value;
    this.#counts[at] = count + 1;
  }

  /** Oldest first, ending with the minute that `now` lies in; null is a gap. */
  values(now: number, count: number): (number | null)[] {
    const last = Math.floor(now / 60_000);
    const values: (number | null)[] = [];
    for (let minute = last - count + 1; minute <= last; minute += 1) {
      const held = minute <= this.#newest && minute > this.#newest - MinuteRing.size;
      const at = minute % MinuteRing.size;
      const counted = held ? (this.#counts[at] ?? 0) : 0;
      values.push(counted === 0 ? null : (this.#sums[at] ?? 0) / counted);
    }
    return values;
  }

  /** The places of minutes that come after the newest are those of minutes an hour before. */
  #forgetUpTo(minute: number): void {
    const from = Math.max(this.#newest + 1, minute - MinuteRing.size + 1);
    for (let next = from; next <= minute; next += 1) {
      this.#sums[next % MinuteRing.size] = 0;
      this.#counts[next % MinuteRing.size] = 0;
    }
    this.#newest = Math.max(this.#newest, minute);
  }
}
