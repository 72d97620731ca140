/** Shown wherever a value is not known. Unknown is never 0. */
export const UNKNOWN = '—';

/** Whether there is nothing to show. 0 is something. */
export const isUnknown = (value: unknown): value is null | undefined => value === null || value === undefined;

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** `1234567` → `1,234,567`. */
export function formatCount(value: number | null | undefined): string {
  return isUnknown(value) ? UNKNOWN : whole.format(value);
}

/** `1234567` → `1.2M`, for columns that must stay narrow. */
export function formatCompact(value: number | null | undefined): string {
  if (isUnknown(value)) return UNKNOWN;
  return value < 10_000 ? whole.format(value) : compact.format(value);
}

/** A share of 0..1 → `99.98%`. Never rounds something imperfect up to `100%`. */
export function formatShare(value: number | null | undefined): string {
  if (isUnknown(value)) return UNKNOWN;
  if (value >= 1) return '100%';
  if (value <= 0) return '0%';
  const percent = Math.floor(value * 10_000) / 100;
  return `${percent >= 99 ? percent.toFixed(2) : percent.toFixed(1)}%`;
}

/** Megabytes → `86 MB`, `1.4 GB`. */
export function formatMegabytes(value: number | null | undefined): string {
  if (isUnknown(value)) return UNKNOWN;
  return value < 1024 ? `${whole.format(value)} MB` : `${(value / 1024).toFixed(1)} GB`;
}

/** Bytes → `512 B`, `86 KB`, `1.4 MB`. */
export function formatBytes(value: number | null | undefined): string {
  if (isUnknown(value)) return UNKNOWN;
  if (value < 1024) return `${whole.format(value)} B`;
  return value < 1_048_576 ? `${whole.format(value / 1024)} KB` : `${(value / 1_048_576).toFixed(1)} MB`;
}
