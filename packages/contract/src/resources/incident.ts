import { z } from 'zod';

export const Outcome = z.enum(['fixed', 'not_fixed', 'unknown', 'cancelled', 'timed_out', 'rolled_back']);
export type Outcome = z.infer<typeof Outcome>;

/** One step of the story: cause → decision → action → evidence → outcome. */
export const IncidentEntry = z.object({
  ts: z.number(),
  kind: z.enum(['cause', 'decision', 'guard', 'action', 'verification', 'outcome', 'note']),
  /** 1 rules, 2 learned, 3 AI; null where no tier decided. */
  tier: z.number().nullable(),
  title: z.string(),
  detail: z.string(),
  evidence: z.record(z.string(), z.unknown()),
  actor: z.string(),
});
export type IncidentEntry = z.infer<typeof IncidentEntry>;

export const Incident = z.object({
  id: z.string(),
  service: z.string(),
  fault_code: z.string(),
  title: z.string(),
  severity: z.enum(['critical', 'warning', 'info']),
  state: z.enum(['open', 'acting', 'verifying', 'needs_person', 'closed']),
  outcome: Outcome.nullable(),
  opened_at: z.number(),
  closed_at: z.number().nullable(),
  acknowledged_by: z.string().nullable(),
  occurrences: z.number(),
  timeline: z.array(IncidentEntry),
});
export type Incident = z.infer<typeof Incident>;
