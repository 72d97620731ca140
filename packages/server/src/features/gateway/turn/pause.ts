import type { Activity } from './turn.ts';

/** A turn that waits before it is sent: for a provider to have cooled, or for its prompt to be looked through. */
export class Pause implements Activity {
  readonly #timer: NodeJS.Timeout | null;

  /** @param ms null: somebody else says when it is over */
  constructor(ms: number | null, then: () => void = () => undefined) {
    this.#timer = ms === null ? null : setTimeout(then, ms);
  }

  abort(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  resume(): void {}

  pause(): void {}

  tick(): void {}
}
