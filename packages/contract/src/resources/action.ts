import { z } from 'zod';
import { Outcome } from './incident.ts';

/** observe: changes nothing. reversible: starts at once. disruptive: waits a visible veto. destructive: needs approval. */
export const RiskClass = z.enum(['observe', 'reversible', 'disruptive', 'destructive']);
export type RiskClass = z.infer<typeof RiskClass>;

/**
 * What an action can be aimed at. A target's name says its class: `provider:<id>`, `model:<provider>/<model>`,
 * `agent:<id>`, `session:<id>`, `file:<path>`, `container:<name>`, `unit:<name>`, `budget:<whose>`,
 * `ci:<owner>/<repository>/<run>`, `port:<number>`, `mail:<id>`, `backup:<target>`, `host`; anything else is a service.
 */
export const ActionTargetClass = z.enum([
  'service',
  'provider',
  'model',
  'agent',
  'session',
  'file',
  'host',
  'container',
  'unit',
  'budget',
  'ci',
  'port',
  'mail',
  'backup',
]);
export type ActionTargetClass = z.infer<typeof ActionTargetClass>;

/** An action that can be asked for. */
export const ActionInfo = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  /** What it costs at most; a plan says what it costs now. */
  risk: RiskClass,
  /** JSON Schema of its parameters. */
  params: z.record(z.string(), z.unknown()),
  targets: z.array(ActionTargetClass),
  /** Counts against cooldown, restart cap and storm breaker when the watchdog asks for it. */
  guarded: z.boolean(),
  /** Keeps what it changes, so that it can be undone. */
  undoable: z.boolean(),
  timeout_s: z.number(),
});
export type ActionInfo = z.infer<typeof ActionInfo>;

/** What the guards remember of a target; `*` is all of them together. */
export const GuardState = z.object({
  target: z.string(),
  restarts_in_window: z.number(),
  max_restarts: z.number(),
  window_s: z.number(),
  /** UTC ms; null while the breaker is closed. From then on one trial is let through. */
  breaker_open_until: z.number().nullable(),
  /** Patterns that were acted on within the window. `next_at`: UTC ms; null: only a person, or the breaker's trial. */
  cooldowns: z.array(z.object({ pattern: z.string(), attempts: z.number(), next_at: z.number().nullable() })),
});
export type GuardState = z.infer<typeof GuardState>;

/** What an action would do, made without doing it. */
export const ActionPlan = z.object({
  action: z.string(),
  target: z.string(),
  risk: RiskClass,
  steps: z.array(z.string()),
  /** Why it would be refused now, if it would. */
  refusal: z.string().nullable(),
  /** Its parameters with their defaults filled in. */
  params: z.record(z.string(), z.unknown()).default({}),
  undoable: z.boolean().default(false),
  guards: GuardState.nullable().default(null),
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
  /** When a wait for an approval ends by itself; null where none is waited for. */
  approval_until: z.number().nullable().default(null),
  approved_by: z.string().nullable().default(null),
  /** Who cancelled or denied it: `device:<id>`, or why Vigiles did; null where nobody did. */
  cancelled_by: z.string().nullable().default(null),
  /** It worked, and it is watched until then whether that lasts; null while it is not. */
  stable_until: z.number().nullable().default(null),
  /** What it changed was kept and can still be put back. */
  undoable: z.boolean().default(false),
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
