import { z } from 'zod';

/** What is counted for each device; also the field names of the earlier server. */
export const quotaNames = [
  'ai_tokens',
  'ai_requests',
  'email_quota',
  'web_requests',
  'bandwidth_mb',
  'storage_mb',
] as const;
export type QuotaName = (typeof quotaNames)[number];

const spans = (most: z.ZodInt | z.ZodNumber, description: string) =>
  z
    .strictObject({
      daily: z.union([most, z.literal('none')]).optional(),
      monthly: z.union([most, z.literal('none')]).optional(),
    })
    .optional()
    .meta({ description });

const units = z.int().min(0).max(1_000_000_000);
const megabytes = z.number().min(0).max(1_000_000_000);

/** What one device may use. Absent: as for all devices; `none`: without a limit. */
export const DeviceQuotas = z.strictObject({
  email_quota: spans(units, 'Recipients of mail, cc and bcc counted.'),
  web_requests: spans(units, 'Pages asked of `web/fetch`, kept ones too.'),
  bandwidth_mb: spans(megabytes, 'What is fetched of the web and downloaded of plugins, unpacked.'),
  storage_mb: z
    .union([megabytes, z.literal('none')])
    .optional()
    .meta({ description: 'Plugin packages that the device has published here, all together.' }),
});
export type DeviceQuotas = z.output<typeof DeviceQuotas>;

/** How much each device may use of the services. Model traffic has `gateway.limits` and `budgets`. */
export const QuotasConfig = z
  .strictObject({
    devices: z.record(z.string().min(1).max(64), DeviceQuotas).default({}).meta({
      description:
        'By device id or name; `*` is every device. What an entry of a device does not name, it has from `*`; `none`: no limit. Days and months begin in `budgets.time_zone`.',
    }),
  })
  .prefault({});
export type QuotasConfig = z.output<typeof QuotasConfig>;
