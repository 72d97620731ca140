import type { Verdict } from '@vigiles/contract';
import type { LabelledCase } from './labelled-case.ts';

export interface Judged {
  labelled: LabelledCase;
  verdict: Pick<Verdict, 'kind' | 'retry' | 'confidence'>;
}

/** How many of what was said are right, and of what is there are found; NaN where there is nothing to divide by. */
export interface ClassScore {
  there: number;
  said: number;
  right: number;
  precision: number;
  recall: number;
}

export interface Score {
  cases: number;
  /** Kinds that are right. */
  right: number;
  byKind: Map<string, ClassScore>;
  /** `there → said` of each kind that is wrong, and how often. */
  confusion: Map<string, number>;
  retry: ClassScore;
  /** Mean of (confidence − whether the kind is right) squared. */
  brier: number;
}

export function scoreOf(judged: readonly Judged[]): Score {
  const kinds = [
    ...new Set(judged.flatMap(({ labelled, verdict }) => [labelled.kind, verdict.kind])),
  ].toSorted();
  const byKind = new Map(
    kinds.map((kind) => [
      kind,
      classScore(
        judged,
        ({ labelled }) => labelled.kind === kind,
        ({ verdict }) => verdict.kind === kind,
      ),
    ]),
  );
  const confusion = new Map<string, number>();
  for (const { labelled, verdict } of judged)
    if (labelled.kind !== verdict.kind) {
      const pair = `${labelled.kind} → ${verdict.kind}`;
      confusion.set(pair, (confusion.get(pair) ?? 0) + 1);
    }
  const right = judged.filter(({ labelled, verdict }) => labelled.kind === verdict.kind).length;
  const squares = judged.map(
    ({ labelled, verdict }) => (verdict.confidence - Number(labelled.kind === verdict.kind)) ** 2,
  );
  return {
    cases: judged.length,
    right,
    byKind,
    confusion,
    retry: classScore(
      judged,
      ({ labelled }) => labelled.retry,
      ({ verdict }) => verdict.retry,
    ),
    brier: squares.reduce((sum, one) => sum + one, 0) / judged.length,
  };
}

function classScore(
  judged: readonly Judged[],
  isThere: (one: Judged) => boolean,
  isSaid: (one: Judged) => boolean,
): ClassScore {
  const there = judged.filter(isThere).length;
  const said = judged.filter(isSaid).length;
  const right = judged.filter((one) => isThere(one) && isSaid(one)).length;
  return { there, said, right, precision: right / said, recall: right / there };
}
