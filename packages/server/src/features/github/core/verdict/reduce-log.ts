import type { LogLine } from './clean-line.ts';
import type { FailedStep } from './evidence.ts';
import { findHits } from './find-hits.ts';
import { isNoise } from './noise.ts';
import { readLog } from './read-log.ts';
import { ruleSet } from './rule-set.ts';
import { cutSteps, findFailedStep } from './steps.ts';

/** Context of a line that says something, before and after it. */
const before = 3;
const after = 6;
/** The end of a step is kept whatever it says. */
const lastLines = 20;
/** A line that differs from others in its numbers only is kept so many times. */
const mostAlike = 3;

export interface ReducedLine {
  /** In the log as it was served, from 1. */
  number: number;
  text: string;
}

export interface ReducedLog {
  lines: ReducedLine[];
  /** Lines of the log that are not among them. */
  dropped: number;
}

/**
 * The lines of a job's log that tell why it failed: of the failed step, around errors and what a rule knows, without progress
 * and repetition; at most `most`, and then the first quarter and the last three.
 */
export function reduceLog(
  text: string,
  { failedStep, most = 200 }: { failedStep: FailedStep | null; most?: number },
): ReducedLog {
  const { lines, unread } = readLog(text);
  const { step } = findFailedStep(cutSteps(lines), failedStep);
  const kept = withoutRepeats(windows(step.lines));
  const quarter = Math.floor(most / 4);
  const chosen = kept.length <= most ? kept : [...kept.slice(0, quarter), ...kept.slice(quarter - most)];
  return {
    lines: chosen.map(({ number, text: words }) => ({ number, text: words.slice(0, 500) })),
    dropped: lines.length + unread - chosen.length,
  };
}

function windows(lines: readonly LogLine[]): LogLine[] {
  const wanted = new Uint8Array(lines.length);
  const open = (from: number, to: number) => wanted.fill(1, Math.max(0, from), Math.min(lines.length, to));
  for (const { index } of findHits(lines, ruleSet())) open(index - before, index + after + 1);
  lines.forEach(({ marker }, at) => marker === 'error' && open(at - before, at + 1));
  open(lines.length - lastLines, lines.length);
  return lines.filter(
    ({ text, marker }, at) =>
      wanted[at] === 1 && marker !== 'endgroup' && (marker === 'error' || !isNoise(text)),
  );
}

function withoutRepeats(lines: readonly LogLine[]): LogLine[] {
  const seen = new Map<string, number>();
  return lines.filter(({ text }) => {
    const form = text.replace(/[0-9a-f]{7,64}|\d+/g, '#');
    const count = (seen.get(form) ?? 0) + 1;
    seen.set(form, count);
    return count <= mostAlike;
  });
}
