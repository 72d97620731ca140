import { z } from 'zod';
import { ActionPlan, ActionRun } from './action.ts';
import { Incident } from './incident.ts';
import { KnownPattern } from './knowledge.ts';

/** What would be decided for an incident today. Nothing is done and no model is asked. */
export const IncidentReplay = z.object({
  /** What was seen, as it was stored. */
  sighting: z.record(z.string(), z.unknown()),
  tiers: z.array(
    z.object({
      tier: z.number(),
      /** It would be the one to decide. */
      decides: z.boolean(),
      title: z.string(),
      why: z.string(),
      plans: z.array(ActionPlan),
    }),
  ),
  decision: z.string(),
  /** What the watchdog decided when it happened. */
  decided_then: z.array(z.string()),
});
export type IncidentReplay = z.infer<typeof IncidentReplay>;

/** An incident to hand on: secrets are taken out. */
export const IncidentExport = z.object({
  version: z.literal(1),
  exported_at: z.number(),
  vigiles: z.string(),
  incident: Incident,
  runs: z.array(ActionRun),
  knowledge: KnownPattern.nullable(),
  /** The same for people. */
  markdown: z.string(),
});
export type IncidentExport = z.infer<typeof IncidentExport>;
