import { z } from 'zod';
import { Verdict } from './ci-verdict.ts';

/** `flaky`: it passed in the end, but the same commit had failed before. It stays so. */
export const CiRunState = z.enum(['running', 'passed', 'failed', 'flaky', 'cancelled']);
export type CiRunState = z.infer<typeof CiRunState>;

/** What was done about a failed run, and by which rule. */
export const CiAction = z.object({
  kind: z.enum(['retry', 'fix_script', 'notify', 'none', 'agent']),
  /** `waiting`: GitHub does not take it yet. `asked`: GitHub took it. `recovered`, `failed`: how the next attempt ended. */
  state: z.enum(['decided', 'waiting', 'asked', 'recovered', 'failed', 'refused', 'told']),
  /** The rule that decided: `retryable_failure`, `budget_spent`, `too_old`, … */
  by_rule: z.string(),
  /** One sentence for people. */
  reason: z.string(),
  at: z.number(),
  /** Run of the action runner; null where nothing was run. */
  action_id: z.string().nullable(),
});
export type CiAction = z.infer<typeof CiAction>;

/** A run of a workflow as of its newest attempt. Times are UTC ms. */
export const CiRun = z.object({
  /** GitHub's number of the run. */
  id: z.string(),
  repository: z.string(),
  workflow: z.string(),
  branch: z.string(),
  commit: z.string(),
  attempt: z.number(),
  /** What triggered it: push, pull_request, … */
  event: z.string(),
  url: z.string(),
  state: CiRunState,
  /** Of the newest attempt that failed; null: none did, or it is not judged yet. */
  verdict: Verdict.nullable(),
  action: CiAction.nullable(),
  started_at: z.number(),
  finished_at: z.number().nullable(),
  /** Of this commit and workflow, by Vigiles and by people through it. */
  retries_used: z.number(),
  /** Of all attempts after the first, all jobs together. */
  minutes_spent: z.number(),
});
export type CiRun = z.infer<typeof CiRun>;

export const CiJob = z.object({
  id: z.string(),
  name: z.string(),
  conclusion: z.string(),
  failed_step: z.object({ number: z.number(), name: z.string() }).nullable(),
  minutes: z.number(),
  url: z.string(),
  /** Of this job alone; null: it did not fail, or its log could not be had. */
  verdict: Verdict.nullable(),
  /** The relevant lines of its log: hostile text. */
  lines: z.array(z.object({ number: z.number(), text: z.string() })),
  /** Lines that were left out. */
  dropped: z.number(),
  /** Why there is no log; null where there is one. */
  log_error: z.string().nullable(),
});
export type CiJob = z.infer<typeof CiJob>;

export const CiAttempt = z.object({
  attempt: z.number(),
  conclusion: z.string().nullable(),
  started_at: z.number(),
  finished_at: z.number().nullable(),
  minutes: z.number(),
  verdict: Verdict.nullable(),
  jobs: z.array(CiJob),
  /** What a model thought of it, where one was asked: shown, never acted on. Written by a model that read a hostile log. */
  opinion: z.string().nullable(),
  /** Why there is no opinion although a model should have been asked; null: it was not to be, or there is one. */
  opinion_note: z.string().nullable(),
});
export type CiAttempt = z.infer<typeof CiAttempt>;

/** A re-run that was asked for. */
export const CiRetry = z.object({
  id: z.string(),
  attempt: z.number(),
  by: z.string(),
  reason: z.string(),
  state: z.enum(['waiting', 'asked', 'recovered', 'failed', 'refused']),
  asked_at: z.number(),
  settled_at: z.number().nullable(),
  /** What the attempt cost, all jobs together. */
  minutes: z.number(),
  action_id: z.string().nullable(),
  message: z.string(),
});
export type CiRetry = z.infer<typeof CiRetry>;

export const CiRunDetail = z.object({
  run: CiRun,
  attempts: z.array(CiAttempt),
  retries: z.array(CiRetry),
  /** Why it could not be re-run now; null: it could. */
  retry_refusal: z.string().nullable(),
});
export type CiRunDetail = z.infer<typeof CiRunDetail>;

/** What events carry of a run that was re-run: how the next attempt ended. */
export const ciEvents = {
  /** A delivery of GitHub that was accepted; not those of single jobs and checks. */
  'ci.delivery_received': z.object({
    event: z.string(),
    action: z.string().nullable(),
    repository: z.string(),
    delivery_id: z.string(),
    workflow: z.string().nullable(),
    branch: z.string().nullable(),
    conclusion: z.string().nullable(),
    url: z.string().nullable(),
  }),
  /** A run began, or ended well. */
  'ci.run_changed': z.object({ run: CiRun }),
  /** A failed attempt was judged, and it was decided what to do. */
  'ci.run_judged': z.object({ run: CiRun }),
  /** A model was asked about a failed attempt; either it has an opinion, or the note says why there is none. */
  'ci.opinion_given': z.object({
    run: CiRun,
    attempt: z.number(),
    opinion: z.string().nullable(),
    note: z.string().nullable(),
  }),
  'ci.retry_asked': z.object({ run: CiRun, by: z.string(), reason: z.string() }),
  'ci.retry_outcome': z.object({
    run: CiRun,
    outcome: z.enum(['recovered', 'failed', 'refused']),
    message: z.string(),
  }),
  /** The working copy was brought up to date, or it was not possible. */
  'ci.synced': z.object({
    action: z.enum(['pull', 'push']),
    success: z.boolean(),
    repository: z.string(),
    ref: z.string(),
    detail: z.string(),
  }),
} as const;
