import type { DeviceQuotas, QuotaName, QuotasConfig } from '@vigiles/contract';

/** What a device may use; `…_mb` in bytes; null: no limit. */
export interface QuotaLimits {
  daily: number | null;
  monthly: number | null;
}

export interface Who {
  deviceId: string;
  name: string;
}

export const megabyte = 1_048_576;

/** Quotas that are counted here; those of model traffic are the gateway's. */
export const countedQuotas = ['email_quota', 'web_requests', 'bandwidth_mb'] as const;
export type CountedQuota = (typeof countedQuotas)[number];

/** One unit of a quota as it is shown, in what it is counted in. */
export const unitOf = (quota: QuotaName): number => (quota.endsWith('_mb') ? megabyte : 1);

const entryOf = ({ devices }: QuotasConfig, key: string): DeviceQuotas =>
  // `hasOwn`: names are chosen by people, and `constructor` is one.
  (Object.hasOwn(devices, key) ? devices[key] : undefined) ?? {};

/** The entries that are about a device, the nearest first: its id, its name, every device. */
const entriesOf = (config: QuotasConfig, { deviceId, name }: Who): DeviceQuotas[] =>
  [deviceId, name, '*'].map((key) => entryOf(config, key));

export function limitsOf(config: QuotasConfig, who: Who, quota: CountedQuota): QuotaLimits {
  const entries = entriesOf(config, who);
  const limit = (span: 'daily' | 'monthly'): number | null => {
    for (const entry of entries) {
      const given = entry[quota]?.[span];
      if (given !== undefined) return given === 'none' ? null : Math.floor(given * unitOf(quota));
    }
    return null;
  };
  return { daily: limit('daily'), monthly: limit('monthly') };
}

/** Bytes that a device may keep here; null: no limit. */
export function storageOf(config: QuotasConfig, who: Who): number | null {
  const given = entriesOf(config, who).find((entry) => entry.storage_mb !== undefined)?.storage_mb;
  return given === undefined || given === 'none' ? null : Math.floor(given * megabyte);
}

const steps = [50, 75, 90, 100] as const;

/** The highest step of a limit that was reached by going from `before` to `after`; null: none. */
export function stepReached(before: number, after: number, limit: number | null): number | null {
  if (limit === null || limit <= 0) return null;
  return steps.findLast((step) => after * 100 >= limit * step && before * 100 < limit * step) ?? null;
}

/** A count for people: whole, or megabytes with two digits. */
export const shown = (quota: QuotaName, count: number): number =>
  quota.endsWith('_mb') ? Math.round((count / megabyte) * 100) / 100 : count;
