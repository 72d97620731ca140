import { z } from 'zod';

/** What is known of a run of a workflow, from a delivery or from the API: both have the same form. Times are UTC ms. */
export interface RunFacts {
  id: string;
  repository: string;
  workflow: string;
  /** `.github/workflows/ci.yml`; empty where GitHub does not say. */
  path: string;
  branch: string;
  commit: string;
  attempt: number;
  /** Rises by one with each run of the workflow. */
  number: number;
  event: string;
  url: string;
  status: string;
  conclusion: string | null;
  /** Of its first attempt: reruns leave it as it is. */
  createdAt: number;
  /** Of this attempt. */
  startedAt: number;
  updatedAt: number;
}

const time = z.union([z.string(), z.number()]).transform((value, context) => {
  const ms = typeof value === 'number' ? value * 1000 : Date.parse(value);
  if (Number.isFinite(ms)) return ms;
  context.addIssue('no time');
  return z.NEVER;
});
const short = z.string().max(1000);

const RunObject = z.object({
  id: z.int().positive(),
  name: short.nullish(),
  path: short.nullish(),
  head_branch: short.nullish(),
  head_sha: short.nullish(),
  run_attempt: z.int().min(1).max(1000).nullish(),
  run_number: z.int().min(0).nullish(),
  event: short.nullish(),
  html_url: short.nullish(),
  status: short.nullish(),
  conclusion: short.nullish(),
  created_at: time,
  run_started_at: time.nullish(),
  updated_at: time.nullish(),
});

/**
 * Reads a `workflow_run` object. Null: it is none.
 * https://docs.github.com/en/rest/actions/workflow-runs
 * @param workflowName of the delivery's `workflow`, where the run itself has no name
 */
export function readRun(value: unknown, repository: string, workflowName?: string): RunFacts | null {
  const parsed = RunObject.safeParse(value);
  if (!parsed.success) return null;
  const run = parsed.data;
  const startedAt = run.run_started_at ?? run.created_at;
  return {
    id: String(run.id),
    repository,
    workflow: run.name || workflowName || run.path || 'unnamed',
    path: run.path ?? '',
    branch: run.head_branch ?? '',
    commit: run.head_sha ?? '',
    attempt: run.run_attempt ?? 1,
    number: run.run_number ?? 0,
    event: run.event ?? '',
    url: run.html_url ?? '',
    status: run.status ?? '',
    conclusion: run.conclusion ?? null,
    createdAt: run.created_at,
    startedAt,
    updatedAt: run.updated_at ?? startedAt,
  };
}
