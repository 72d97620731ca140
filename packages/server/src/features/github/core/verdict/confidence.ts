import type { VerdictKind } from '@vigiles/contract';

/**
 * How clearly the evidence speaks. `clear`: one strong rule and nothing against it; `contested`: other rules hold too, or the line
 * stands far from the end; `weak`: a rule that says little; `history`: the past decides; `conclusion`: GitHub's own word does.
 */
export type Clarity = 'clear' | 'contested' | 'weak' | 'history' | 'conclusion' | 'none';

/** Whose fault: the code's (`own`), something `outside`, or the `other` kinds. */
export type Side = 'own' | 'outside' | 'other';

/**
 * How sure a kind is, by side and clarity. Set by hand: what is clear lies below what the labelled set shows (0.98), what has few cases
 * there is a guess (flaky tests by their history: 4 of 4). `node bench/verdict-report.ts --calibrate` counts how often each is right.
 */
const sure: Readonly<Record<`${Side}-${Clarity}`, number>> = {
  'outside-clear': 0.95,
  'outside-contested': 0.6,
  'outside-weak': 0.5,
  'outside-history': 0.8,
  'outside-conclusion': 0.8,
  'outside-none': 0.1,
  'own-clear': 0.95,
  'own-contested': 0.8,
  'own-weak': 0.6,
  'own-history': 0.9,
  'own-conclusion': 0.8,
  'own-none': 0.1,
  'other-clear': 0.9,
  'other-contested': 0.7,
  'other-weak': 0.6,
  'other-history': 0.9,
  'other-conclusion': 0.9,
  'other-none': 0.1,
};

export const confidenceOf = (side: Side, clarity: Clarity): number => sure[`${side}-${clarity}`];

/** Below it nothing is run again. */
export const retryThreshold = 0.9;

const outsideKinds: ReadonlySet<VerdictKind> = new Set(['infrastructure', 'rate_limit']);
const ownKinds: ReadonlySet<VerdictKind> = new Set(['build', 'test', 'lint', 'flaky_test']);

export function sideOf(kind: VerdictKind): Side {
  if (outsideKinds.has(kind)) return 'outside';
  return ownKinds.has(kind) ? 'own' : 'other';
}
