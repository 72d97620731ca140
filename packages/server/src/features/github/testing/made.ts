import type { Verdict } from '@vigiles/contract';
import type { KeptRetry } from '../heal/retry-store.ts';
import type { RunFacts } from '../core/run-facts.ts';
import type { Delivery } from '../core/delivery.ts';

/** A failed run, as the API tells of it. */
export const madeRun = (more: Partial<RunFacts> = {}): RunFacts => ({
  id: '1',
  repository: 'octo/hello',
  workflow: 'CI',
  path: '.github/workflows/ci.yml',
  branch: 'main',
  commit: 'abc',
  attempt: 1,
  number: 7,
  event: 'push',
  url: 'https://github.com/octo/hello/actions/runs/1',
  status: 'completed',
  conclusion: 'failure',
  createdAt: 1000,
  startedAt: 1000,
  updatedAt: 2000,
  ...more,
});

export const madeVerdict = (more: Partial<Verdict> = {}): Verdict => ({
  kind: 'rate_limit',
  retry: true,
  confidence: 0.95,
  rule: 'docker-hub-limit',
  line: null,
  reason: 'A registry lets nothing more through.',
  runner_up: null,
  ...more,
});

/** A re-run that waits. */
export const madeRetry = (more: Partial<KeptRetry> = {}): KeptRetry => ({
  id: 'rty_1',
  runId: '1',
  attempt: 1,
  kind: 'retry',
  repository: 'octo/hello',
  workflow: 'CI',
  commit: 'abc',
  by: 'ci',
  reason: 'a limit',
  state: 'waiting',
  asked_at: 2000,
  nextAt: 2000,
  settled_at: null,
  minutes: 0,
  action_id: null,
  message: '',
  script: null,
  thenRetry: false,
  owner: null,
  ...more,
});

/** A delivery that tells of a failed run. */
export const madeDelivery = (run: RunFacts): Delivery => ({
  event: 'workflow_run',
  action: 'completed',
  repository: run.repository,
  subject: `run:${run.id}:${run.attempt}:completed`,
  facts: { kind: 'run', run },
});
