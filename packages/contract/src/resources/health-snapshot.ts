import { z } from 'zod';
import { ServiceState } from './service.ts';

/** Health in the words of the mission-control dashboard's first clients. */
export const HealthWord = z.enum(['healthy', 'unhealthy', 'recovering', 'unknown', 'maintenance', 'stopped']);
export type HealthWord = z.infer<typeof HealthWord>;

export const HealthRow = z.object({
  name: z.string(),
  port: z.number().nullable(),
  /** What its first check looks at. */
  endpoint: z.string().nullable(),
  status: HealthWord,
  /** Percent of the looks of the last 24 hours that found it up; null when none counted. */
  uptime: z.number().nullable(),
  /** Of the last look that was answered in the bar; null when none was. */
  latency_ms: z.number().nullable(),
  state: ServiceState,
});
export type HealthRow = z.infer<typeof HealthRow>;

/** The whole fleet at one moment. */
export const HealthSnapshot = z.object({
  status: HealthWord,
  system: z.object({
    status: HealthWord,
    timestamp: z.string(),
    total: z.number(),
    up: z.number(),
    down: z.number(),
    unknown: z.number(),
  }),
  services: z.array(HealthRow),
  /** ISO 8601. */
  timestamp: z.string(),
});
export type HealthSnapshot = z.infer<typeof HealthSnapshot>;
