import { z } from 'zod';

/**
 * Tier 3 of the watchdog: one question to a model where neither a rule nor what was learned knows an answer.
 * It goes through our own gateway, so its limits and budgets hold too. The field `ai` of `watchdog`.
 */
export const WatchdogAiConfig = z
  .strictObject({
    enabled: z.boolean().default(false),
    model: z.string().min(1).max(256).optional().meta({
      description: 'A model or a route, as agents ask the gateway for it. Absent: `gateway.default_model`.',
    }),
    auto: z.enum(['suggest', 'act']).default('suggest').meta({
      description:
        'suggest: a person is shown the answer and decides. act: it is done, within the guards; what destroys still waits for an approval.',
    }),
    min_confidence: z
      .number()
      .min(0)
      .max(1)
      .default(0.7)
      .meta({ description: 'An answer below it only goes to a person.' }),
    max_tokens: z.int().min(50).max(4000).default(400).meta({ description: 'Of the answer.' }),
    timeout_s: z.number().min(1).max(120).default(20),
    per_minute: z
      .int()
      .min(1)
      .max(60)
      .default(1)
      .meta({ description: 'Questions; 1 is one every 60 seconds. Failed ones count.' }),
    per_day: z.int().min(0).max(1000).default(10),
    monthly_usd: z.number().min(0).max(10_000).default(2),
  })
  .prefault({});
export type WatchdogAiConfig = z.output<typeof WatchdogAiConfig>;
