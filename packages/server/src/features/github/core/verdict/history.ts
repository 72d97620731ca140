import type { LogLine } from './clean-line.ts';
import { confidenceOf } from './confidence.ts';
import type { History } from './evidence.ts';
import { failingTests } from './failing-tests.ts';
import type { Finding } from './judge-job.ts';

/** What is known from before changes what a finding means: a lost runner, a test that passed on the same commit. */
export function inTheLightOf(history: History, finding: Finding, lines: readonly LogLine[]): Finding {
  if (history.same_step_lost_before && /^runner-(?:lost|shutdown)/.test(finding.rule))
    return {
      ...finding,
      kind: 'out_of_memory',
      rule: 'runner-lost-again',
      because: 'its runner was lost in the same step as before: it is starved of memory or CPU',
      retryable: false,
      clarity: 'history',
      confidence: confidenceOf('out_of_memory', 'history', 'runner-lost-again'),
    };
  if (finding.kind !== 'test') return finding;
  if (history.same_sha_passed)
    return flaky(finding, 'same-commit-passed', 'a test failed that passed on the same commit');
  const failed = failingTests(lines);
  const known = new Set(history.known_flaky_tests ?? []);
  if (failed.length > 0 && failed.every((name) => known.has(name)))
    return flaky(finding, 'known-flaky-tests', 'only tests failed that are known to fail now and then');
  return finding;
}

const flaky = (finding: Finding, rule: string, because: string): Finding => ({
  ...finding,
  kind: 'flaky_test',
  rule,
  because,
  retryable: true,
  clarity: 'history',
  confidence: confidenceOf('flaky_test', 'history', rule),
});
