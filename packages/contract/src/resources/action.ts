import { z } from 'zod';
import { Outcome } from './incident.ts';

/** observe: changes nothing. reversible: starts at once. disruptive: waits a visible veto. destructive: needs approval. */
export const RiskClass = z.enum(['observe', 'reversible', 'disruptive', 'destructive']);
export type RiskClass = z.infer<typeof RiskClass>;

/** What an action would do, made without doing it. */
export const ActionPlan = z.object({
  action: z.string(),
  target: z.string(),
  risk: RiskClass,
  steps: z.array(z.string()),
  /** Why it would be refused now, if it would. */
  refusal: z.string().nullable(),
});
export type ActionPlan = z.infer<typeof ActionPlan>;

export const ActionRun = z.object({
  id: z.string(),
  action: z.string(),
  target: z.string(),
  params: z.record(z.string(), z.unknown()),
  risk: RiskClass,
  state: z.enum(['vetoing', 'awaiting_approval', 'running', 'verifying', 'finished', 'refused']),
  outcome: Outcome.nullable(),
  /** Who asked: `watchdog`, or `device:<id>`. */
  actor: z.string(),
  incident_id: z.string().nullable(),
  reason: z.string(),
  attempt: z.number(),
  steps: z.array(z.string()),
  /** Until when it can be cancelled before it starts; null when there is no such time. */
  veto_until: z.number().nullable(),
  created_at: z.number(),
  started_at: z.number().nullable(),
  finished_at: z.number().nullable(),
  /** What was seen while it ran and was verified. */
  evidence: z.array(z.object({ ts: z.number(), text: z.string(), data: z.record(z.string(), z.unknown()) })),
  message: z.string(),
});
export type ActionRun = z.infer<typeof ActionRun>;

/** One link of the audit chain: `hash` covers the record and the hash before it. */
export const AuditRecord = z.object({
  seq: z.number(),
  ts: z.number(),
  actor: z.string(),
  verb: z.string(),
  target: z.string(),
  data: z.record(z.string(), z.unknown()),
  previous_hash: z.string(),
  hash: z.string(),
});
export type AuditRecord = z.infer<typeof AuditRecord>;
