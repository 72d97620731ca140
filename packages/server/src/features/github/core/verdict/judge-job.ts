import type { VerdictKind } from '@vigiles/contract';
import { cleanLine, type LogLine } from './clean-line.ts';
import { confidenceOf, type Clarity } from './confidence.ts';
import type { History, JobEvidence } from './evidence.ts';
import { findHits, type RuleSet } from './find-hits.ts';
import { inTheLightOf } from './history.ts';
import { isKnownHost } from './known-hosts.ts';
import { readLog } from './read-log.ts';
import { isOwnFault } from './rule.ts';
import { cutSteps, findFailedStep } from './steps.ts';
import { weigh } from './weigh.ts';

/** Why one job failed. Plain data: it may come from another thread. */
export interface Finding {
  job: string;
  kind: VerdictKind;
  rule: string;
  line: LogLine | null;
  /** After “The job x failed: ”. */
  because: string;
  /** By its rule alone; whether a retry follows depends on the confidence and on the other jobs. */
  retryable: boolean;
  confidence: number;
  clarity: Clarity;
  /** It fails because others did. */
  follows: boolean;
  /** A rule on the whole job decided: the runner was lost, the time was over. */
  wholeJob: boolean;
  runnerUp: { kind: VerdictKind; rule: string; line: LogLine } | null;
}

/** Reads the log of a job and says why it failed; without a rule that holds the kind is `unknown`. */
export function judgeJob(job: JobEvidence, history: History, rules: RuleSet): Finding {
  const { lines, unread } = readLog(job.log);
  const steps = cutSteps(lines);
  const { step, certain } = findFailedStep(steps, job.failed_step);
  const inStep = findHits(step.lines, rules);
  const others = certain ? steps.filter((other) => other !== step) : [];
  const outside = others.flatMap(({ lines: rest, failed }) =>
    findHits(rest, rules).filter(({ rule }) => rule.scope === 'job' || (failed && isOwnFault(rule))),
  );
  const told = findHits(
    (job.annotations ?? []).slice(0, 50).map((text) => cleanLine(text, 0)),
    rules,
  );
  const wholeJob = [...outside, ...told].filter(({ rule }) => rule.scope === 'job');
  const elsewhere = outside.filter(({ rule }) => isOwnFault(rule));
  const weighed = weigh([...inStep, ...wholeJob], step.lines, elsewhere);
  if (!weighed) return unexplained(job);
  const { best, runnerUp } = weighed;
  const clarity = weighed.clarity === 'clear' && unread > 0 ? 'contested' : weighed.clarity;
  const { rule } = best;
  const finding: Finding = {
    job: job.name,
    kind: rule.kind,
    rule: rule.id,
    line: best.line,
    because: rule.because,
    retryable: rule.retryable && (!rule.host || isKnownHost(best.group)),
    confidence: confidenceOf(rule.kind, clarity, rule.id),
    clarity,
    follows: rule.follows ?? false,
    wholeJob: rule.scope === 'job',
    runnerUp: runnerUp && { kind: runnerUp.rule.kind, rule: runnerUp.rule.id, line: runnerUp.line },
  };
  return inTheLightOf(history, finding, step.lines);
}

/** No rule holds. What GitHub concluded may still say it. */
function unexplained({ name, conclusion }: JobEvidence): Finding {
  const known = conclusion === null ? undefined : conclusions[conclusion];
  const [kind, because] = known ?? ['unknown', 'nothing in its log says why clearly enough'];
  const rule = known ? `conclusion-${(conclusion ?? '').replaceAll('_', '-')}` : 'none';
  const clarity = known ? 'conclusion' : 'none';
  return {
    job: name,
    kind,
    rule,
    line: null,
    because,
    retryable: false,
    confidence: confidenceOf(kind, clarity, rule),
    clarity,
    follows: false,
    wholeJob: known !== undefined,
    runnerUp: null,
  };
}

const conclusions: Readonly<Record<string, readonly [VerdictKind, string]>> = {
  timed_out: ['timeout', 'its time was over'],
  cancelled: ['cancelled', 'it was cancelled'],
  startup_failure: ['configuration', 'GitHub could not start it: the workflow is not valid'],
  action_required: ['permission', 'somebody must approve it first'],
};
