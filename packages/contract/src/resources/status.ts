import { z } from 'zod';

const tierUse = z.object({
  per_minute: z.number(),
  per_hour: z.number(),
  per_day: z.number(),
  cooldown_s: z.number(),
});

export const Status = z.object({
  server: z.object({
    name: z.literal('vigiles'),
    version: z.string(),
    pid: z.number(),
    host: z.string(),
    port: z.number(),
    debug: z.boolean(),
    started_at: z.number(),
    uptime_s: z.number(),
    memory_mb: z.number(),
  }),
  device_id: z.string(),
  session: z.object({ request_count: z.number(), ok_cost_today: z.number() }),
  /** What is left of each tier for the device that asks. */
  rate_limits: z.record(z.string(), z.object({ remaining: z.number(), reset_s: z.number() })),
  limits_config: z.record(z.string(), tierUse),
  budgets: z.object({
    daily_usd: z.number().nullable(),
    monthly_usd: z.number().nullable(),
    spent_today_micros: z.number(),
    spent_month_micros: z.number(),
    unpriced_today: z.number(),
  }),
  services: z.object({ total: z.number(), up: z.number(), down: z.number(), unknown: z.number() }),
  incidents: z.object({ open: z.number(), needs_person: z.number(), last_24h: z.number() }),
  gateway: z.object({ enabled: z.boolean(), url: z.string(), state: z.string(), pid: z.number().nullable() }),
  store: z.object({ dialect: z.enum(['sqlite', 'postgres']), quarantined: z.string().nullable() }),
  config: z.object({
    path: z.string(),
    loaded_at: z.number(),
    /** Problems of a newer file that was refused; the last good one is in force. */
    problems: z.array(
      z.object({ path: z.string(), line: z.number(), column: z.number(), message: z.string() }),
    ),
  }),
  events: z.object({ head_seq: z.number(), subscribers: z.number() }),
});
export type Status = z.infer<typeof Status>;
