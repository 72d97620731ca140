import { evidenceOf, type Measured } from '../confidence.ts';
import { judgeJob } from '../judge-job.ts';
import { ruleSet } from '../rule-set.ts';
import type { LabelledCase } from './labelled-case.ts';

/**
 * Counts how often each rule, and each kind of evidence, is right: the kind is as labelled, and nothing that must not run again would
 * be. Runs of several jobs are left out, as their labels are about the run. What is counted does not depend on any confidence.
 */
export function measure(cases: readonly LabelledCase[]): Measured {
  const evidenceCounts = new Map<string, [number, number]>();
  const ruleCounts = new Map<string, [number, number]>();
  for (const { kind, retry, evidence } of cases) {
    const [job, ...others] = evidence.jobs;
    if (!job || others.length > 0) continue;
    const found = judgeJob(job, evidence.history, ruleSet());
    if (found.clarity === 'none' || found.clarity === 'conclusion') continue;
    const right = found.kind === kind && (retry || !found.retryable);
    count(evidenceCounts, evidenceOf(found.kind, found.clarity), right);
    count(ruleCounts, found.rule, right);
  }
  return { evidence: sorted(evidenceCounts), rules: sorted(ruleCounts) };
}

function count(counts: Map<string, [number, number]>, key: string, right: boolean): void {
  const [were, said] = counts.get(key) ?? [0, 0];
  counts.set(key, [were + Number(right), said + 1]);
}

const sorted = (counts: Map<string, [number, number]>): Record<string, [number, number]> =>
  Object.fromEntries([...counts].toSorted(([one], [other]) => (one < other ? -1 : 1)));
