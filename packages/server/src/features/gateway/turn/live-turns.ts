import type { Turn } from './turn.ts';

/**
 * Turns under way. An array, not a `Set`: each time a `Set` is rehashed its dead table points to the next one, so that
 * once one of them is old, V8 keeps every table after it, and every turn in them, until the next full collection.
 */
export class LiveTurns {
  readonly #turns: Turn[] = [];

  get size(): number {
    return this.#turns.length;
  }

  add(turn: Turn): void {
    turn.place = this.#turns.push(turn) - 1;
  }

  /** Takes the turn out; the last one gets its place. */
  delete(turn: Turn): void {
    const last = this.#turns.pop();
    if (!last || last === turn) return;
    this.#turns[turn.place] = last;
    last.place = turn.place;
  }

  /** As they are now, oldest first: what is done with them may take some out. */
  list(): Turn[] {
    return this.#turns.toSorted((a, b) => a.startedMono - b.startedMono);
  }
}
