import type { Looks } from './rollup.ts';

/** Share of looks that found it up; null where none counted. What nobody could tell and what was planned is neither. */
export const upShare = ({ up, down }: Pick<Looks, 'up' | 'down'>): number | null =>
  up + down === 0 ? null : up / (up + down);

/** Looks by slot of one series: a ring over the last `size` hours or days. */
export class LooksRing {
  readonly #slots: Int32Array;
  readonly #up: Uint32Array;
  readonly #down: Uint32Array;

  constructor(size: number) {
    this.#slots = new Int32Array(size).fill(-1);
    this.#up = new Uint32Array(size);
    this.#down = new Uint32Array(size);
  }

  /** Takes the place of what was known of that slot. An older slot never pushes out a newer one. */
  set(slot: number, { up, down }: Looks): void {
    const at = slot % this.#slots.length;
    if ((this.#slots[at] ?? -1) > slot) return;
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
}
