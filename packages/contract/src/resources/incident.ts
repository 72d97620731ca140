import { z } from 'zod';
import { TargetClass } from './fault-detector.ts';

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

/** What tier 3 advised, waiting for a person. */
export const Suggestion = z.object({
  action: z.string(),
  params: z.record(z.string(), z.unknown()),
  reason: z.string(),
  /** 0 to 1, by the model's own word. */
  confidence: z.number(),
  ts: z.number(),
});
export type Suggestion = z.infer<typeof Suggestion>;

export const Incident = z.object({
  id: z.string(),
  /** The same as `target`: its name from when only services had incidents. */
  service: z.string(),
  /** Service name, `provider:<id>`, `model:<provider>/<model>`, `agent:<id>`, `session:<id>`, `file:<path>` or `host`. */
  target: z.string().default(''),
  target_class: TargetClass.default('service'),
  /** Entry of the fault catalogue, where there is one. */
  fault_id: z.string().nullable().default(null),
  /** What this fault looks like, with everything that changes from time to time taken out. */
  fingerprint: z.string().nullable().default(null),
  /** The tier that decided last: 1 rules, 2 learned, 3 AI. */
  tier: z.number().nullable().default(null),
  suggestion: Suggestion.nullable().default(null),
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
