import { z } from 'zod';

/** A time in which services are looked at, but nothing is alerted and nothing is done to them. */
export const Maintenance = z.object({
  /** Those set by people can be ended by it; null for windows of the configuration. */
  id: z.string().nullable(),
  /** Where it comes from. */
  source: z.enum(['person', 'service', 'fleet']),
  /** Names of the services; empty: every one. */
  services: z.array(z.string()),
  /** UTC ms. */
  from: z.number(),
  to: z.number(),
  reason: z.string(),
  /** Who set it; null for the configuration. */
  actor: z.string().nullable(),
  /** It is open now; otherwise it is the next one. */
  open: z.boolean(),
});
export type Maintenance = z.infer<typeof Maintenance>;

/** What puts services into maintenance: for some minutes from now, or until a moment. */
export const MaintenanceRequest = z
  .strictObject({
    services: z.array(z.string().max(64)).max(5000).default([]),
    minutes: z.number().min(1).max(43_200).optional(),
    /** UTC ms. */
    until: z.number().optional(),
    reason: z.string().max(500).default(''),
  })
  .refine(({ minutes, until }) => (minutes === undefined) !== (until === undefined), {
    message: 'Either minutes or until',
  });
export type MaintenanceRequest = z.output<typeof MaintenanceRequest>;

export const maintenanceEvents = {
  'maintenance.set': z.object({ maintenance: Maintenance }),
  'maintenance.ended': z.object({ maintenance: Maintenance }),
} as const;
