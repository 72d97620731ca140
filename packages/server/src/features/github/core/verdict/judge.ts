import type { Verdict, VerdictLine } from '@vigiles/contract';
import type { LogLine } from './clean-line.ts';
import { confidenceOf, retryThreshold } from './confidence.ts';
import type { Evidence } from './evidence.ts';
import { judgeJob, type Finding } from './judge-job.ts';
import { ruleSet } from './rule-set.ts';

/**
 * Why a run failed, and whether running its failed jobs again is sensible. Pure: the same evidence gives the same verdict.
 * Several MB of logs take some tens of milliseconds: in control large ones are judged job by job in a thread of their own.
 */
export const judge = ({ jobs, run, history }: Evidence): Verdict =>
  conclude(
    jobs
      .filter(({ conclusion }) => decides(conclusion))
      .map((job) => ({ conclusion: job.conclusion, finding: judgeJob(job, history, ruleSet()) })),
    run.conclusion,
  );

/** Whether a job that ended so has a say in why its run failed. */
export const decides = (conclusion: string | null): boolean =>
  broken.has(conclusion ?? '') || conclusion === 'cancelled';

/** What the findings of its jobs mean for the run. @param ofRun GitHub's word on the whole run */
export function conclude(
  jobs: readonly { conclusion: string | null; finding: Finding }[],
  ofRun: string | null,
): Verdict {
  const findings = jobs.filter(({ conclusion }) => broken.has(conclusion ?? ''));
  const cancelled = jobs.filter(({ conclusion }) => conclusion === 'cancelled');
  const ended = cancelled.filter(({ finding }) => endedByItself(finding));
  const failed = [...findings, ...ended].map(({ finding }) => finding);
  if (failed.length === 0) return withoutFailure(cancelled.length > 0, ofRun);
  const leading = failed.filter(({ follows }) => !follows);
  const deciding = leading.length > 0 ? leading : failed;
  const first = deciding.reduce((known, one) => (rank(one) > rank(known) ? one : known));
  const lowest = Math.min(...deciding.map(({ confidence }) => confidence));
  const blocking = deciding.find(({ retryable, confidence }) => !retryable || confidence < retryThreshold);
  const retry = !blocking && ofRun !== 'cancelled';
  return {
    kind: first.kind,
    retry,
    confidence: retry ? lowest : first.confidence,
    rule: first.rule,
    line: shown(first.line),
    reason: reasonOf(first, blocking ?? null),
    runner_up: first.runnerUp && { ...first.runnerUp, line: shown(first.runnerUp.line) },
  };
}

const broken: ReadonlySet<string> = new Set(['failure', 'timed_out', 'startup_failure', 'action_required']);

/** GitHub also calls a job cancelled whose time was over or whose runner was stopped. Other cancelled jobs decide nothing. */
const endedByItself = ({ wholeJob, kind }: Finding): boolean => wholeJob && kind !== 'cancelled';

/** What people must look at goes before what may pass by itself; what is unknown goes last. */
function rank({ kind, retryable, confidence }: Finding): number {
  if (kind === 'unknown' || kind === 'cancelled') return confidence;
  return (retryable ? 10 : 20) + confidence;
}

function reasonOf(first: Finding, blocking: Finding | null): string {
  const said = `The job “${short(first.job)}” failed: ${first.because}.`;
  if (!first.retryable || !blocking || blocking === first) return said;
  return `${said} It is not run again, as the job “${short(blocking.job)}” failed too: ${blocking.because}.`;
}

const short = (name: string): string => (name.length > 80 ? `${name.slice(0, 79)}…` : name);

const shown = (line: LogLine | null): VerdictLine | null =>
  line ? { number: line.number, text: line.text.trim().slice(0, 500) } : null;

function withoutFailure(cancelled: boolean, conclusion: string | null): Verdict {
  const invalid = conclusion === 'startup_failure';
  const kind = invalid ? 'configuration' : cancelled || conclusion === 'cancelled' ? 'cancelled' : 'unknown';
  const rule = kind === 'unknown' ? 'none' : `conclusion-${invalid ? 'startup-failure' : 'cancelled'}`;
  return {
    kind,
    retry: false,
    confidence: confidenceOf(kind, kind === 'unknown' ? 'none' : 'conclusion', rule),
    rule,
    line: null,
    reason: invalid
      ? 'GitHub could not start the run: the workflow is not valid.'
      : kind === 'cancelled'
        ? 'The run was cancelled before any job failed.'
        : 'No job of the run failed.',
    runner_up: null,
  };
}
