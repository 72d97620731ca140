import { z } from 'zod';
import { Prediction } from './prediction.ts';

/** `UNKNOWN` is not `DOWN`: it says that Vigiles cannot tell, for instance because of its own trouble. */
export const ServiceState = z.enum([
  'UNKNOWN',
  'UP',
  'SUSPECT',
  'DOWN',
  'RECOVERING',
  'MAINTENANCE',
  'STOPPED_BY_USER',
]);
export type ServiceState = z.infer<typeof ServiceState>;

/** One look at a service. `latency_ms` is null when it did not answer. */
export const Beat = z.object({
  ts: z.number(),
  state: ServiceState,
  latency_ms: z.number().nullable(),
  message: z.string().optional(),
});
export type Beat = z.infer<typeof Beat>;

/** An action offered on a service; `reason` says why it cannot be used now. */
export const OfferedAction = z.object({
  action: z.string(),
  title: z.string(),
  enabled: z.boolean(),
  reason: z.string().optional(),
});

/** What a look found besides good or bad: `certificate_days_left`, `status`, `value`. Written by others, so hostile. */
export const CheckFacts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
export type CheckFacts = z.infer<typeof CheckFacts>;

/** What the last look of one check found. */
export const CheckSeen = z.object({
  /** UTC ms. */
  at: z.number(),
  /** `unknown`: Vigiles cannot tell. */
  result: z.enum(['healthy', 'failed', 'unknown']),
  reason: z.string(),
  latency_ms: z.number().nullable(),
  facts: CheckFacts,
});
export type CheckSeen = z.infer<typeof CheckSeen>;

export const ServiceCheck = z.object({
  /** Unique within the service. */
  id: z.string(),
  type: z.string(),
  title: z.string(),
  target: z.string(),
  interval_s: z.number(),
  /** Null until it was looked at. */
  seen: CheckSeen.nullable(),
});
export type ServiceCheck = z.infer<typeof ServiceCheck>;

export const Service = z.object({
  name: z.string(),
  title: z.string(),
  /** supervised: started by Vigiles. adopted: found running. watched: only looked at. */
  kind: z.enum(['supervised', 'adopted', 'watched']),
  state: ServiceState,
  /** When it entered this state, UTC ms. */
  since: z.number(),
  reason: z.string(),
  version: z.string().nullable(),
  port: z.number().nullable(),
  pid: z.number().nullable(),
  uptime_s: z.number().nullable(),
  memory_mb: z.number().nullable(),
  checks: z.array(ServiceCheck),
  depends_on: z.array(z.string()),
  /** The last 90 looks, oldest first. */
  beats: z.array(Beat),
  p50_ms: z.number().nullable(),
  p99_ms: z.number().nullable(),
  /** Share of looks in the last 24 hours that found it up; null when none were made. */
  uptime_24h: z.number().nullable(),
  /** The same for 30 and 365 days, days (UTC) as a whole; null while it is not known. */
  uptime_30d: z.number().nullable(),
  uptime_1y: z.number().nullable(),
  /** Failures of it that are on their way, most urgent first. */
  predictions: z.array(Prediction),
  restarts_in_window: z.number(),
  open_incident_id: z.string().nullable(),
  actions: z.array(OfferedAction),
});
export type Service = z.infer<typeof Service>;
