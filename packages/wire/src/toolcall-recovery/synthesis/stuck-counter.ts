import type { FaultSignal } from '../types.ts';

/** Syntheses in a row before a person is told. */
const MAX_SYNTHESES = 3;

/** Counts syntheses of one session: a model that never calls by itself is stuck. */
export interface StuckCounter {
  /** Asks for one more. Undefined: go on. Otherwise none is to be made, and this is the alert. */
  synthesise(): FaultSignal | undefined;
  /** The model made a call of its own. */
  moved(): void;
}

export function createStuckCounter(max: number = MAX_SYNTHESES): StuckCounter {
  let inARow = 0;
  return {
    synthesise() {
      if (inARow >= max) return { fault: 'C10', detail: `${max} calls in a row were synthesised` };
      inARow++;
      return undefined;
    },
    moved() {
      inARow = 0;
    },
  };
}
