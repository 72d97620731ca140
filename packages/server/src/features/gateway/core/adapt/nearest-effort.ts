const LADDER = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The allowed step nearest to the given one, the lower one of two; undefined where none is on the ladder. */
export function nearestEffort(given: string, allowed: readonly string[]): string | undefined {
  const from = LADDER.indexOf(given);
  const steps = allowed.filter((step) => LADDER.includes(step) && step !== given);
  if (from === -1) return steps[0];
  return steps.toSorted(
    (a, b) => distance(a, from) - distance(b, from) || LADDER.indexOf(a) - LADDER.indexOf(b),
  )[0];
}

const distance = (step: string, from: number): number => Math.abs(LADDER.indexOf(step) - from);
