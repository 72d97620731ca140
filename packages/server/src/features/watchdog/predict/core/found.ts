import type { Prediction, SeriesUnit, TargetClass } from '@vigiles/contract';
import type { Foresight } from './foresee.ts';

/** A failure that is foreseen at this moment. */
export interface Found {
  kind: Prediction['kind'];
  target: string;
  targetClass: TargetClass;
  /** Which of several of its kind: a check, `daily`; empty for the only one. */
  part: string;
  /** What will happen, without who and when: `memory will reach its limit of 512 MB`. */
  sentence: string;
  /** What it is foreseen from, for people: `At its pace of the last hours`. */
  basis: string;
  foresight: Foresight;
  limit: number;
  unit: SeriesUnit;
}

/** One kind of failure that can be foreseen. */
export interface Foreteller {
  kinds: readonly Prediction['kind'][];
  /** Everything of these kinds that is foreseen now. Rejects: nobody can tell at this moment. */
  look(): Promise<Found[]>;
}

export const idOf = ({ kind, target, part }: Pick<Found, 'kind' | 'target' | 'part'>): string =>
  part === '' ? `${kind}:${target}` : `${kind}:${target}:${part}`;
