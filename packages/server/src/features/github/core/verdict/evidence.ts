/** A step of a job, as GitHub's API tells it. */
export interface FailedStep {
  /** From 1; skipped steps count too. */
  number: number;
  name: string;
  /** ISO times with GitHub's resolution of a second; with them the step is found in the log whatever its name is. */
  started_at?: string | null;
  completed_at?: string | null;
}

export interface JobEvidence {
  name: string;
  /** GitHub's word: `failure`, `timed_out`, `cancelled`, `success`, `skipped`…; null while it runs. */
  conclusion: string | null;
  failed_step: FailedStep | null;
  /** As GitHub serves it, timestamps and all; empty when the job left none. */
  log: string;
  /** Texts of the annotations of its check run. That a runner was lost, or its time was over, often stands only there. */
  annotations?: readonly string[];
}

export interface RunEvidence {
  event: string;
  workflow_name: string;
  /** From 1. */
  attempt: number;
  conclusion: string | null;
}

/** What is known from before. */
export interface History {
  /** The same job passed on the same commit. */
  same_sha_passed: boolean;
  /** The runner was lost in the same step of this commit before: it is starved, not unlucky. */
  same_step_lost_before: boolean;
  /** Names of tests that are known to fail now and then. */
  known_flaky_tests?: readonly string[];
}

/** All that a verdict is made from. */
export interface Evidence {
  jobs: readonly JobEvidence[];
  run: RunEvidence;
  history: History;
}
