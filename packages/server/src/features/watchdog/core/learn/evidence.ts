/** One-sided 90 %: four verified successes in a row earn trust, one does not. */
export const Z = 1.28;
/** The lower bound from which on something learned is applied by itself. */
export const TRUST = 0.7;
/** After this long evidence counts half. */
export const HALF_LIFE_MS = 30 * 86_400_000;

/** Bounds of a share by Wilson's score interval. Counts may be fractions: old ones weigh less. */
export function wilson(successes: number, failures: number, z: number = Z): { lower: number; upper: number } {
  const n = successes + failures;
  if (n <= 0) return { lower: 0, upper: 1 };
  const share = successes / n;
  const middle = share + (z * z) / (2 * n);
  const spread = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const whole = 1 + (z * z) / n;
  return { lower: Math.max(0, (middle - spread) / whole), upper: Math.min(1, (middle + spread) / whole) };
}

/** Two counts that fade together, as they stood at `at` (UTC ms). */
export interface Tally {
  yes: number;
  no: number;
  at: number;
}

export const newTally = (at: number): Tally => ({ yes: 0, no: 0, at });

/** The tally at a later time. A clock that was set back makes nothing younger. */
export function faded(tally: Tally, now: number): Tally {
  const age = Math.max(0, now - tally.at);
  if (age === 0) return tally;
  const weight = 0.5 ** (age / HALF_LIFE_MS);
  return { yes: tally.yes * weight, no: tally.no * weight, at: now };
}

/** One more of it. */
export function counted(tally: Tally, success: boolean, now: number): Tally {
  const { yes, no, at } = faded(tally, now);
  return success ? { yes: yes + 1, no, at } : { yes, no: no + 1, at };
}

/** A success turned out to be none. */
export function flipped(tally: Tally, now: number): Tally {
  const { yes, no, at } = faded(tally, now);
  return { yes: Math.max(0, yes - 1), no: no + 1, at };
}

export const rateOf = ({ yes, no }: Tally): number | null => (yes + no > 0 ? yes / (yes + no) : null);

export interface Trust {
  auto: boolean;
  lower: number;
  upper: number;
  /** In a sentence. */
  why: string;
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/**
 * Whether a remedy may be applied by itself: the lower bound of its success must reach 70 % and be above the share of
 * times when the trouble was over without anybody doing anything.
 */
export function trustOf(remedy: Tally, self: Tally, promoted: boolean, now: number): Trust {
  const { yes, no } = faded(remedy, now);
  const { lower, upper } = wilson(yes, no);
  const baseline = rateOf(faded(self, now)) ?? 0;
  if (promoted) return { auto: true, lower, upper, why: 'A person said that it may be applied' };
  if (yes + no === 0) return { auto: false, lower, upper, why: 'Nothing was verified yet' };
  if (lower < TRUST) {
    return {
      auto: false,
      lower,
      upper,
      why: `At least ${percent(lower)} is sure, ${percent(TRUST)} is needed`,
    };
  }
  if (lower <= baseline) {
    const why = `It is over by itself in ${percent(baseline)} of the cases; this is not surely better`;
    return { auto: false, lower, upper, why };
  }
  return { auto: true, lower, upper, why: `At least ${percent(lower)} of its uses helped` };
}
