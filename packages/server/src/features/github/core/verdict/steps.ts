import type { LogLine } from './clean-line.ts';
import type { FailedStep } from './evidence.ts';

/** The lines of one step. GitHub's log of a job names no steps, but a step that runs begins with a group of its own. */
export interface StepLines {
  /** `Run npm ci`, `Set up job`, `Post job cleanup`. */
  name: string;
  lines: LogLine[];
  failed: boolean;
}

const header = (line: LogLine) => line.marker === 'group' && line.text.startsWith('Run ');
const cleanup = (line: LogLine) => line.marker === null && /^Post job cleanup\.?$/.test(line.text);
const end = (line: LogLine) => line.marker === null && line.text === 'Cleaning up orphan processes';

/** Cuts the log of a job into its steps; the first is what happens before any of them. */
export function cutSteps(lines: readonly LogLine[]): StepLines[] {
  let step: StepLines = { name: 'Set up job', lines: [], failed: false };
  const steps = [step];
  for (const line of lines) {
    const name = header(line)
      ? line.text
      : cleanup(line)
        ? 'Post job cleanup'
        : end(line)
          ? 'Complete job'
          : null;
    if (name !== null) {
      step = { name, lines: [], failed: false };
      steps.push(step);
    }
    step.lines.push(line);
    if (line.marker === 'error') step.failed = true;
  }
  return steps;
}

export interface FoundStep {
  step: StepLines;
  /** False: nothing tells which step failed, so all lines count as one. */
  certain: boolean;
}

/** Which lines are those of the step that failed: by its name, by its time, or as the last one with an error. */
export function findFailedStep(steps: readonly StepLines[], failed: FailedStep | null): FoundStep {
  const byName = failed ? last(steps.filter(({ name }) => sameName(name, failed.name))) : null;
  if (byName) return { step: untilError(steps, byName), certain: true };
  const within = failed ? last(steps.filter((step) => during(step, failed))) : null;
  if (within) return { step: within, certain: true };
  const number = failed?.number ?? Number.POSITIVE_INFINITY;
  const candidates = steps.filter(({ failed: broken }, index) => broken && index + 1 <= number);
  const found = candidates.findLast(({ name }) => !/^(?:Post job cleanup|Complete job)$/.test(name));
  if (found) return { step: found, certain: true };
  return {
    step: { name: failed?.name ?? '', lines: steps.flatMap(({ lines }) => lines), failed: true },
    certain: steps.length === 1,
  };
}

/** The one that says an error, else the last. */
const last = (steps: readonly StepLines[]): StepLines | null =>
  steps.findLast(({ failed }) => failed) ?? steps.at(-1) ?? null;

/** What a step prints may look like the beginning of another one; it goes on until GitHub says that it failed. */
function untilError(steps: readonly StepLines[], step: StepLines): StepLines {
  if (step.failed) return step;
  const first = steps.indexOf(step);
  const until = steps.findIndex(({ failed, name }, at) => at > first && failed && name !== 'Complete job');
  if (until === -1) return step;
  return { ...step, lines: steps.slice(first, until + 1).flatMap(({ lines }) => lines), failed: true };
}

function sameName(header: string, name: string): boolean {
  if (/^(?:Set up job|Set up runner|Initialize containers|Pull .*|Build .*@.*)$/.test(name))
    return header === 'Set up job';
  if (name.startsWith('Post ')) return header === 'Post job cleanup';
  return header === name;
}

function during({ lines, failed }: StepLines, { started_at, completed_at }: FailedStep): boolean {
  if (!failed || !started_at || !completed_at) return false;
  const from = Date.parse(started_at);
  const until = Date.parse(completed_at) + 1_000;
  const first = lines.find(({ at }) => at !== null)?.at;
  const final = lines.findLast(({ at }) => at !== null)?.at;
  if (first === undefined || first === null || final === undefined || final === null) return false;
  return first >= from - 1_000 && final <= until + 1_000;
}
