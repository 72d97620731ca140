import { z } from 'zod';
import { VerdictKind } from './ci-verdict.ts';

/** How often runs of a workflow failed of the same kind. */
export const CiPattern = z.object({
  /** In the words of the console: `Deploy:build_failure`. */
  pattern: z.string(),
  repository: z.string(),
  workflow: z.string(),
  kind: VerdictKind,
  /** Failed attempts in the time asked for. */
  count: z.number(),
  first_at: z.number(),
  last_at: z.number(),
  /** Page of the newest run. */
  url: z.string(),
  /** Failed attempts a day, oldest first, today last. */
  days: z.array(z.number()),
  trend: z.enum(['rising', 'steady', 'falling']),
  /** Of these, how many a re-run or a script of Vigiles got over, and of how many a person was told. */
  auto_fixed: z.number(),
  manual: z.number(),
  /** Script that runs for it; null: none. */
  fix_script: z.string().nullable(),
});
export type CiPattern = z.infer<typeof CiPattern>;

/** A job whose outcome differed on the same commit. */
export const FlakyTest = z.object({
  repository: z.string(),
  workflow: z.string(),
  job: z.string(),
  /** The step, or the test where the log names it. */
  test: z.string(),
  /** How often it failed and then passed without a change. */
  flips: z.number(),
  /** Failures in all since it is known. */
  failures: z.number(),
  first_at: z.number(),
  last_at: z.number(),
  last_commit: z.string(),
  last_line: z.string().nullable(),
  url: z.string(),
});
export type FlakyTest = z.infer<typeof FlakyTest>;
