import { VerdictKind } from '@vigiles/contract';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Evidence, JobEvidence } from '../evidence.ts';

const Job = z.strictObject({
  run: z.string().optional(),
  log: z.string().default(''),
  setup: z.string().optional(),
  earlier: z.string().default(''),
  exit: z.union([z.int(), z.literal('none')]).default(1),
  annotations: z.array(z.string()).default([]),
  conclusion: z.string().default('failure'),
});
type Job = z.infer<typeof Job>;

const LabelledCase = Job.extend({
  id: z.string(),
  kind: VerdictKind,
  retry: z.boolean(),
  history: z
    .strictObject({
      same_sha_passed: z.boolean().default(false),
      same_step_lost_before: z.boolean().default(false),
      known_flaky_tests: z.array(z.string()).default([]),
    })
    .prefault({}),
  others: z.array(Job).default([]),
});

/** A failure whose kind people agreed on, and the evidence of it as GitHub would serve it. */
export interface LabelledCase {
  id: string;
  file: string;
  kind: VerdictKind;
  retry: boolean;
  evidence: Evidence;
}

/** The parts of the set in the order in which they were written; the first is what the rules were made with. */
export const labelledParts = ['development', 'held-out', 'held-out-2', 'held-out-3', 'held-out-4'] as const;
export type LabelledPart = (typeof labelledParts)[number];

/** All cases of one part of the set, in the order of their files. */
export function labelledCases(part: LabelledPart): LabelledCase[] {
  const folder = join(import.meta.dirname, 'cases', part);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .flatMap((name) => casesOf(join(folder, name)));
}

function casesOf(path: string): LabelledCase[] {
  const read = z.array(LabelledCase).parse(parse(readFileSync(path, 'utf8')));
  return read.map(({ id, kind, retry, history, others, ...job }) => ({
    id,
    file: basename(path, '.yaml'),
    kind,
    retry,
    evidence: {
      jobs: [dressed('build', job), ...others.map((other, at) => dressed(`other ${at + 1}`, other))],
      run: { event: 'push', workflow_name: 'CI', attempt: 1, conclusion: 'failure' },
      history,
    },
  }));
}

/** The job as GitHub tells it, its log with all that a runner writes around the words of tools. */
function dressed(
  name: string,
  { run, log, setup, earlier, exit, annotations, conclusion }: Job,
): JobEvidence {
  const lines = [
    "\ufeffCurrent runner version: '2.330.0'",
    '##[group]Runner Image',
    'Image: ubuntu-24.04',
    '##[endgroup]',
  ];
  if (setup !== undefined) lines.push(...setup.trimEnd().split('\n'));
  else {
    lines.push('Prepare all required actions', 'Complete job name: build');
    lines.push(...header('actions/checkout@v5'), 'Syncing repository: example/app', '##[endgroup]');
    for (const line of earlier.trimEnd().split('\n'))
      lines.push(...(line.startsWith('> ') ? header(line.slice(2)) : [line]));
    lines.push(...header(run ?? 'true'), ...log.trimEnd().split('\n'));
    if (exit !== 'none') lines.push(`##[error]Process completed with exit code ${exit}.`);
    lines.push('Post job cleanup.', '[command]/usr/bin/git version', 'Cleaning up orphan processes');
  }
  const start = Date.UTC(2026, 9, 2, 8, 11, 0);
  const stamped = lines.map(
    (line, at) => `${new Date(start + at * 40).toISOString().replace('Z', '0000Z')} ${line}`,
  );
  const failedStep =
    setup === undefined ? { number: 4, name: `Run ${run ?? 'true'}` } : { number: 1, name: 'Set up job' };
  return {
    name,
    conclusion,
    failed_step: conclusion === 'success' ? null : failedStep,
    log: stamped.join('\n'),
    annotations,
  };
}

const header = (command: string): string[] => [
  `##[group]Run ${command}`,
  `\u001b[36;1m${command}\u001b[0m`,
  'shell: /usr/bin/bash -e {0}',
  '##[endgroup]',
];
