import { z } from 'zod';
import { ModelAbility, Privacy, RouteConfig, RouteSide } from '../config/routing.ts';
import { RouteDecision } from './route-decision.ts';

const label = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dots, dashes');

/** A turn that is only thought of. */
export const RouteTrialAsk = z.strictObject({
  model: z.string().min(1).max(256),
  privacy: Privacy.optional(),
  workspace: label.optional(),
  intent: label.optional(),
  tags: z.array(label).max(20).default([]),
  route: RouteSide.optional(),
  needs: z.array(ModelAbility).max(4).default([]),
  input_tokens: z.int().min(0).max(100_000_000).default(1000),
  output_tokens: z.int().min(0).max(10_000_000).default(0),
  secret: z.boolean().default(false).meta({ description: 'As if a secret had been found in the prompt.' }),
  routes: z
    .array(RouteConfig)
    .max(500)
    .optional()
    .meta({ description: 'Routes to try instead of those in force: what an unsaved change would do.' }),
});
export type RouteTrialAsk = z.infer<typeof RouteTrialAsk>;

/** Where a turn would go now. Nothing is sent; budgets and limits are not asked. */
export const RouteTrial = z.object({
  /** Null: nowhere. */
  goes_to: z.object({ provider: z.string(), model: z.string() }).nullable(),
  /** Null where the model's name means nothing here. */
  decision: RouteDecision.nullable(),
  story: z.array(z.string()),
});
export type RouteTrial = z.infer<typeof RouteTrial>;
