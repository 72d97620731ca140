import type { Looks } from './rollup.ts';

/** Share of looks that found it up; null where none counted. What nobody could tell and what was planned is neither. */
export const upShare = ({ up, down }: Pick<Looks, 'up' | 'down'>): number | null =>
  up + down === 0 ? null : up / (up + down);

/** A ring takes room for so many slots at first: most series are not a year old. */
const firstRoom = 8;

/** Looks by slot of one series: a ring over the last `size` hours or days. */
export class LooksRing {
  readonly #size: number;
  #slots: Int32Array;
  #up: Uint32Array;
  #down: Uint32Array;

  constructor(size: number) {
    this.#size = size;
    const room = Math.min(size, firstRoom);
    this.#slots = new Int32Array(room).fill(-1);
    this.#up = new Uint32Array(room);
    this.#down = new Uint32Array(room);
  }

  /** Takes the place of what was known of that slot. An older slot never pushes out a newer one. */
  set(slot: number, { up, down }: Pick<Looks, 'up' | 'down'>): void {
    const at = slot % this.#slots.length;
    const held = this.#slots[at] ?? -1;
    if (held >= 0 && held !== slot && this.#slots.length < this.#size) {
      this.#grow();
      return this.set(slot, { up, down });
    }
    if (held > slot) return;
    this.#slots[at] = slot;
    this.#up[at] = up;
    this.#down[at] = down;
  }

  /** Sums of slots `from` up to, without, `to`. */
  sum(from: number, to: number): { up: number; down: number } {
    const total = { up: 0, down: 0 };
    for (const [at, slot] of this.#slots.entries()) {
      if (slot < from || slot >= to) continue;
      total.up += this.#up[at] ?? 0;
      total.down += this.#down[at] ?? 0;
    }
    return total;
  }

  #grow(): void {
    const [slots, up, down] = [this.#slots, this.#up, this.#down];
    const room = Math.min(this.#size, slots.length * 2);
    this.#slots = new Int32Array(room).fill(-1);
    this.#up = new Uint32Array(room);
    this.#down = new Uint32Array(room);
    for (const [at, slot] of slots.entries())
      if (slot >= 0) this.set(slot, { up: up[at] ?? 0, down: down[at] ?? 0 });
  }
}
