import type { VerdictKind } from '@vigiles/contract';
import { measured } from './measured.gen.ts';
import { wilson } from './wilson.ts';

/**
 * How clearly the evidence speaks. `clear`: one strong rule and nothing against it; `contested`: other rules hold too, or the line
 * stands far from the end; `weak`: a rule that says little; `history`: the past decides; `conclusion`: GitHub's own word does;
 * `none`: nothing is claimed.
 */
export type Clarity = 'clear' | 'contested' | 'weak' | 'history' | 'conclusion' | 'none';

/** Whose fault: the code's (`own`), something `outside`, or the `other` kinds. */
export type Side = 'own' | 'outside' | 'other';

/** How often something was said on the labelled set, and how often that was right. */
export type Counted = readonly [right: number, said: number];

/** What was counted, by evidence (`outside-clear`) and by rule. */
export interface Measured {
  evidence: Readonly<Record<string, Counted>>;
  rules: Readonly<Record<string, Counted>>;
}

/** Evidence of its kind counts for a rule like so many cases of its own. */
const borrowed = 10;

/**
 * How sure a verdict is: how often such verdicts are right on the labelled set, counted by `npm run gen`. The rule's own cases are
 * joined with what the whole set proves at the least (Wilson, 95 %) about evidence like it, which weighs as much as ten cases: a rule
 * with few cases is believed as much as its evidence deserves, one that was wrong is believed less.
 * Two are no measurements: what GitHub itself concluded is taken as said (1), and where nothing is claimed there is nothing to be
 * sure of (0).
 * @param counts other counts than those of the labelled set, for tests
 */
export function confidenceOf(
  kind: VerdictKind,
  clarity: Clarity,
  rule: string,
  counts: Measured = measured,
): number {
  if (clarity === 'conclusion') return 1;
  if (clarity === 'none') return 0;
  const [right, said] = counts.rules[rule] ?? [0, 0];
  const evidence = wilson(...(counts.evidence[evidenceOf(kind, clarity)] ?? [0, 0]));
  return Math.round(((right + borrowed * evidence) / (said + borrowed)) * 1000) / 1000;
}

/** The kind of evidence that a verdict stands on, as it is counted. */
export const evidenceOf = (kind: VerdictKind, clarity: Clarity): `${Side}-${Clarity}` =>
  `${sideOf(kind)}-${clarity}`;

/** Below it nothing is run again. */
export const retryThreshold = 0.9;

const outsideKinds: ReadonlySet<VerdictKind> = new Set(['infrastructure', 'rate_limit']);
const ownKinds: ReadonlySet<VerdictKind> = new Set(['build', 'test', 'lint', 'flaky_test']);

function sideOf(kind: VerdictKind): Side {
  if (outsideKinds.has(kind)) return 'outside';
  return ownKinds.has(kind) ? 'own' : 'other';
}
