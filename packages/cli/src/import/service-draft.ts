/** A service as it would stand in vigiles.yaml. What is not given has the default. */
export interface ServiceDraft {
  name: string;
  title?: string;
  port?: number;
  checks: CheckDraft[];
  failures_to_down?: number;
  successes_to_up?: number;
}

/** A check of it; the server’s schema decides whether it fits. */
export type CheckDraft = { type: string } & Record<string, unknown>;

/** A maintenance window for services; none named means all. */
export interface MaintenanceDraft {
  from: string;
  to: string;
  weekdays?: string[];
  time_zone?: string;
  reason: string;
}

/** A number between two limits, or nothing. */
export const within = (value: unknown, least: number, most: number): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most ? value : undefined;

/** Only what has a value. */
export const given = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** An address without a password in it; null when it is no http address, or holds one. */
export function webAddress(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const plain = url.username === '' && url.password === '';
  return plain && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : null;
}
