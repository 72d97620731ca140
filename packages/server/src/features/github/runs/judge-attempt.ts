import type { CiJob, Verdict } from '@vigiles/contract';
import type { GithubClient, JobFacts, StepFacts } from '../client/github-client.ts';
import { isFailure } from '../core/delivery.ts';
import type { RunFacts } from '../core/run-facts.ts';
import { conclude, type Finding, type History, type JobEvidence } from '../core/verdict/index.ts';
import type { JobJudge } from '../judging/job-judge.ts';

/** Logs of more failed jobs are not read; where there are more, nothing is re-run. */
const mostLogs = 12;
const mostLines = 200;

export interface Judged {
  verdict: Verdict;
  jobs: CiJob[];
}

export interface JudgeDeps {
  client: GithubClient;
  judge: JobJudge;
  /** Text without secrets: logs may hold some. */
  clean(text: string): string;
}

const failedStepOf = ({ steps }: JobFacts): StepFacts | null =>
  steps.find(({ conclusion }) => isFailure(conclusion)) ??
  steps.find(({ conclusion }) => conclusion === 'cancelled') ??
  null;

const plainStep = (step: StepFacts | null) => (step ? { number: step.number, name: step.name } : null);

/** Reads the logs of the failed jobs of an attempt and says why it failed. Raises what the client says where jobs cannot be had. */
export async function judgeAttempt(
  { client, judge, clean }: JudgeDeps,
  run: RunFacts,
  all: readonly JobFacts[],
  history: History,
  signal: AbortSignal,
): Promise<Judged> {
  const cleaned = (verdict: Verdict): Verdict => ({
    ...verdict,
    reason: clean(verdict.reason),
    line: verdict.line && { ...verdict.line, text: clean(verdict.line.text) },
    runner_up: verdict.runner_up && {
      ...verdict.runner_up,
      line: verdict.runner_up.line && { ...verdict.runner_up.line, text: clean(verdict.runner_up.line.text) },
    },
  });
  const findings: { conclusion: string | null; finding: Finding }[] = [];
  const look = async (job: JobEvidence) => {
    const seen = await judge.look({ job, history }, signal);
    const found = { conclusion: job.conclusion, finding: seen.finding };
    findings.push(found);
    return { ...seen, verdict: cleaned(conclude([found], run.conclusion)) };
  };
  const jobs: CiJob[] = [];
  let read = 0;
  for (const job of all) {
    const step = failedStepOf(job);
    const told: CiJob = {
      id: job.id,
      name: job.name,
      conclusion: job.conclusion ?? '',
      failed_step: plainStep(step),
      minutes: job.minutes,
      url: job.url,
      verdict: null,
      lines: [],
      dropped: 0,
      log_error: null,
    };
    jobs.push(told);
    if (!isFailure(job.conclusion)) {
      if (job.conclusion === 'cancelled')
        await look({ name: job.name, conclusion: job.conclusion, failed_step: step, log: '' });
      continue;
    }
    if (read >= mostLogs) {
      // Without a log it is unknown why, and so the run is not re-run.
      told.log_error = `not read: more than ${mostLogs} jobs failed`;
      await look({ name: job.name, conclusion: job.conclusion, failed_step: step, log: '' });
      continue;
    }
    read += 1;
    const [log, annotations] = await Promise.all([
      client.jobLog(run.repository, job.id, signal),
      client.annotations(run.repository, job.id, signal),
    ]);
    if (!log.ok) told.log_error = log.fault.message;
    const { verdict, reduced, unread } = await look({
      name: job.name,
      conclusion: job.conclusion,
      failed_step: step,
      log: log.ok ? log.value : '',
      ...(annotations.ok ? { annotations: annotations.value } : {}),
    });
    told.log_error ??= unread;
    told.verdict = verdict;
    told.lines = reduced.lines
      .slice(-mostLines)
      .map(({ number, text }) => ({ number, text: clean(text).slice(0, 500) }));
    told.dropped = reduced.dropped + Math.max(0, reduced.lines.length - mostLines);
  }
  return { verdict: cleaned(conclude(findings, run.conclusion)), jobs };
}
