/**
 * What belongs to the open blocks of a stream, by their number. Nearly every answer has one of a sort at a time: that one
 * needs no map.
 */
export class BlockMap<T> {
  #index = -1;
  #value: T | undefined;
  #others: Map<number, T> | undefined;

  get(index: number): T | undefined {
    return index === this.#index ? this.#value : this.#others?.get(index);
  }

  set(index: number, value: T): void {
    if (this.#value === undefined || index === this.#index) {
      this.#others?.delete(index);
      this.#index = index;
      this.#value = value;
    } else (this.#others ??= new Map()).set(index, value);
  }

  /** Takes out what is there. */
  take(index: number): T | undefined {
    if (index !== this.#index) {
      const other = this.#others?.get(index);
      this.#others?.delete(index);
      return other;
    }
    const value = this.#value;
    this.#index = -1;
    this.#value = undefined;
    return value;
  }

  /** Takes out everything, in the order of the numbers. */
  takeAll(): [index: number, value: T][] {
    if (this.#value === undefined && !this.#others) return NONE;
    const all = [...(this.#others ?? [])];
    if (this.#value !== undefined) all.push([this.#index, this.#value]);
    this.#index = -1;
    this.#value = this.#others = undefined;
    return all.sort(([one], [two]) => one - two);
  }
}

const NONE: [number, never][] = [];
