/** Parts a window is counted in. */
export const SLOTS = 60;

/** One more: what came at the end of the oldest part is still inside the window when the newest begins. */
const RING = SLOTS + 1;

/**
 * A sum over the last `windowMs`, whenever that is asked: never less than what really lies in the window. What was added
 * leaves one part (a sixtieth of the window) later than it strictly could, and takes 61 numbers however much it was.
 */
export class SlidingWindow {
  readonly slotMs: number;
  readonly #counts = new Float64Array(RING);
  #newest = 0;
  #sum = 0;

  constructor(windowMs: number) {
    this.slotMs = windowMs / SLOTS;
  }

  used(nowMs: number): number {
    this.#advance(nowMs);
    return this.#sum;
  }

  /** Counts something that happened at `atMs`; forgotten when that is out of the window by now. May be negative. */
  add(atMs: number, amount: number, nowMs: number): void {
    this.#advance(nowMs);
    const slot = Math.floor(atMs / this.slotMs);
    if (slot > this.#newest || slot <= this.#newest - RING) return;
    this.#counts[slot % RING] = (this.#counts[slot % RING] ?? 0) + amount;
    this.#sum += amount;
  }

  /** Milliseconds until at most `allowed` is in the window; 0: it is so now. */
  waitMs(allowed: number, nowMs: number): number {
    this.#advance(nowMs);
    let left = this.#sum;
    if (left <= allowed) return 0;
    for (let slot = this.#newest - RING + 1; slot <= this.#newest; slot += 1) {
      left -= this.#counts[((slot % RING) + RING) % RING] ?? 0;
      if (left <= allowed) return Math.max(1, (slot + RING) * this.slotMs - nowMs);
    }
    return RING * this.slotMs;
  }

  #advance(nowMs: number): void {
    const slot = Math.floor(nowMs / this.slotMs);
    const steps = slot - this.#newest;
    if (steps === 0) return;
    if (steps >= RING || steps <= -RING) {
      // Nothing of it is left, or the clock was set back by more than the whole window.
      this.#counts.fill(0);
      this.#sum = 0;
      this.#newest = slot;
      return;
    }
    // A clock that was set back a little waits until time has caught up.
    for (let i = 1; i <= steps; i += 1) {
      const at = (this.#newest + i) % RING;
      this.#sum -= this.#counts[at] ?? 0;
      this.#counts[at] = 0;
    }
    if (steps > 0) this.#newest = slot;
  }
}
