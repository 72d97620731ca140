import { z } from 'zod';
import { quotaNames } from '../config/quotas.ts';

export const QuotaName = z.enum(quotaNames);

/** total: what lies there now; it does not begin anew. */
export const QuotaPeriod = z.enum(['daily', 'monthly', 'total']);
export type QuotaPeriod = z.infer<typeof QuotaPeriod>;

/** What a device has used of one quota. `…_mb` in 1,048,576 bytes. */
export const QuotaState = z.object({
  quota: QuotaName,
  period: QuotaPeriod,
  used: z.number(),
  /** Null: no limit. */
  limit: z.number().nullable(),
  remaining: z.number().nullable(),
  /** Of the limit, 0 to 100. */
  percent: z.number().nullable(),
  /** UTC ms; null where nothing begins anew at one moment: storage, and limits of the gateway, whose windows slide. */
  resets_at: z.number().nullable(),
});
export type QuotaState = z.infer<typeof QuotaState>;

export const DeviceQuotaStates = z.object({
  device_id: z.string(),
  name: z.string(),
  quotas: z.array(QuotaState),
});
export type DeviceQuotaStates = z.infer<typeof DeviceQuotaStates>;

export const QuotasAnswer = z.object({ devices: z.array(DeviceQuotaStates), count: z.number() });
export type QuotasAnswer = z.infer<typeof QuotasAnswer>;

export const quotaEvents = {
  /** A device has used 50, 75, 90 or 100 % of a quota. Once per device, quota, span and threshold. */
  'quota.reached': z.object({
    device_id: z.string(),
    device_name: z.string(),
    quota: QuotaName,
    period: QuotaPeriod,
    threshold_percent: z.number(),
    used: z.number(),
    limit: z.number(),
    resets_at: z.number().nullable(),
  }),
} as const;
