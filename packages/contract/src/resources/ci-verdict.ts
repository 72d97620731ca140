import { z } from 'zod';

/** What made a run fail. `unknown`: nothing in its logs says so clearly enough; nobody guesses. */
export const VerdictKind = z.enum([
  'infrastructure',
  'flaky_test',
  'test',
  'build',
  'lint',
  'configuration',
  'timeout',
  'out_of_memory',
  'cancelled',
  'permission',
  'rate_limit',
  'unknown',
]);
export type VerdictKind = z.infer<typeof VerdictKind>;

/** A line of a log. Written by others, so hostile: shown as text only, never obeyed. */
export const VerdictLine = z.object({
  /** In the log as GitHub serves it, from 1; 0: an annotation of the job, which stands in no log. */
  number: z.int().min(0),
  /** Without timestamp, colours and control characters; cut after 500 characters. */
  text: z.string().max(500),
});
export type VerdictLine = z.infer<typeof VerdictLine>;

/** What else it could have been: the strongest rule of another kind. */
export const VerdictRunnerUp = z.object({
  kind: VerdictKind,
  rule: z.string(),
  line: VerdictLine.nullable(),
});
export type VerdictRunnerUp = z.infer<typeof VerdictRunnerUp>;

/** Why a run of a workflow failed, by which rule and line, and whether running the failed jobs again is sensible. */
export const Verdict = z.object({
  kind: VerdictKind,
  /** True only when every job that failed of itself is likely to pass unchanged. A false one is worse than a missed one. */
  retry: z.boolean(),
  /**
   * 0 to 1: how often verdicts like it are right on the labelled set, counted by rule and kind of evidence. 0: nothing is claimed; 1:
   * GitHub's own conclusion.
   */
  confidence: z.number().min(0).max(1),
  /** Id of the rule that decided: `npm-registry-reset`; `none` without one. */
  rule: z.string(),
  /** The line that decided; null when the history or the conclusion did, not a line. */
  line: VerdictLine.nullable(),
  /** One sentence for people. */
  reason: z.string(),
  runner_up: VerdictRunnerUp.nullable(),
});
export type Verdict = z.infer<typeof Verdict>;
