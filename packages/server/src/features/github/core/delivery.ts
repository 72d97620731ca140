import { z } from 'zod';
import { readRun, type RunFacts } from './run-facts.ts';

/** What a delivery says that matters here. Everything else of it is forgotten. */
export type DeliveryFacts =
  | { kind: 'ping' }
  | { kind: 'run'; run: RunFacts }
  /** Something about one job or check of a run: the run itself is then asked for. */
  | { kind: 'run_hint'; runId: string; failed: boolean }
  | { kind: 'push'; ref: string; after: string; deleted: boolean }
  | { kind: 'none'; why: string };

export interface Delivery {
  event: string;
  action: string | null;
  /** `owner/name`; empty where the event is of none. */
  repository: string;
  /**
   * What happened, whoever tells: an organisation's hook and a repository's send the same with different delivery ids.
   * Null: it can happen again.
   */
  subject: string | null;
  facts: DeliveryFacts;
}

const text = z.string().max(1000);
const Payload = z.object({
  action: text.nullish(),
  repository: z.object({ full_name: text }).nullish(),
  workflow: z.object({ name: text.nullish() }).nullish(),
  workflow_run: z.unknown().optional(),
  workflow_job: z
    .object({
      id: z.int(),
      run_id: z.int().positive(),
      run_attempt: z.int().nullish(),
      conclusion: text.nullish(),
    })
    .nullish(),
  check_run: z
    .object({
      id: z.int(),
      conclusion: text.nullish(),
      completed_at: text.nullish(),
      details_url: text.nullish(),
      app: z.object({ slug: text.nullish() }).nullish(),
    })
    .nullish(),
  ref: text.nullish(),
  after: text.nullish(),
  deleted: z.boolean().nullish(),
});
type Payload = z.output<typeof Payload>;

/** Conclusions after which somebody should look. */
export const isFailure = (conclusion: string | null | undefined): boolean =>
  conclusion === 'failure' || conclusion === 'timed_out' || conclusion === 'startup_failure';

const none = (why: string): DeliveryFacts => ({ kind: 'none', why });

function factsOf(event: string, payload: Payload, repository: string): [DeliveryFacts, string | null] {
  const { action, workflow_job: job, check_run: check } = payload;
  if (event === 'ping') return [{ kind: 'ping' }, null];
  if (event === 'workflow_run') {
    const run = readRun(payload.workflow_run, repository, payload.workflow?.name ?? undefined);
    if (!run) return [none('it has no workflow run'), null];
    return [{ kind: 'run', run }, `${run.id}/${run.attempt}/${action ?? ''}`];
  }
  if (event === 'workflow_job' && job) {
    if (action !== 'completed') return [none(`the job is ${action ?? 'changed'}`), null];
    const subject = `job ${job.id}/${job.run_attempt ?? 1}/${action}`;
    return [{ kind: 'run_hint', runId: String(job.run_id), failed: isFailure(job.conclusion) }, subject];
  }
  if (event === 'check_run' && check) {
    if (action !== 'completed') return [none(`the check is ${action ?? 'changed'}`), null];
    const runId = /\/actions\/runs\/(\d{1,20})(?:\/|$)/.exec(check.details_url ?? '')?.[1];
    if (check.app?.slug !== 'github-actions' || !runId)
      return [none('the check is not one of GitHub Actions'), null];
    const subject = `check ${check.id}/${check.completed_at ?? ''}/${action}`;
    return [{ kind: 'run_hint', runId, failed: isFailure(check.conclusion) }, subject];
  }
  if (event === 'push' && payload.ref) {
    const after = payload.after ?? '';
    const facts = { kind: 'push', ref: payload.ref, after, deleted: payload.deleted ?? false } as const;
    return [facts, null];
  }
  return [none('nobody here follows such events'), null];
}

/** Reads a verified delivery. Null: its body is no object of GitHub's form. */
export function readDelivery(event: string, body: unknown): Delivery | null {
  const parsed = Payload.safeParse(body);
  if (!parsed.success) return null;
  const repository = parsed.data.repository?.full_name ?? '';
  const [facts, subject] = factsOf(event, parsed.data, repository);
  return {
    event,
    action: parsed.data.action ?? null,
    repository,
    subject: subject === null ? null : `${event} ${repository.toLowerCase()} ${subject}`.slice(0, 400),
    facts,
  };
}

/** Whether a repository is on the list. GitHub does not tell upper from lower case; an empty list allows none. */
export const isAllowed = (repositories: readonly string[], repository: string): boolean =>
  repositories.some((allowed) => allowed.toLowerCase() === repository.toLowerCase());
