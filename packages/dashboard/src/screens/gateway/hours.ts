import type { UsageRow } from '@vigiles/contract';

const HOUR_MS = 3_600_000;

/** The start of the hour a usage key names: ISO 8601 (`2026-01-02T03`, with or without the rest) or UTC ms. */
export function hourOf(key: string): number {
  if (/^\d{10,}$/.test(key)) return Number(key);
  const iso = /^(\d{4}-\d{2}-\d{2})[T ](\d{2})/.exec(key);
  return iso ? Date.parse(`${iso[1]}T${iso[2]}:00:00Z`) : Number.NaN;
}

/**
 * Hour by hour up to `now`, oldest first. An hour without a row had no turns: there 0 is known, not guessed.
 */
export function fillHours(
  rows: readonly UsageRow[],
  hours: number,
  now: number,
  read: (row: UsageRow) => number,
) {
  const byHour = new Map(rows.map((row) => [hourOf(row.key), read(row)]));
  const last = Math.floor(now / HOUR_MS) * HOUR_MS;
  const x = Array.from({ length: hours }, (_, i) => last - (hours - 1 - i) * HOUR_MS);
  return { x: x.map((ms) => ms / 1000), y: x.map((ms) => byHour.get(ms) ?? 0) };
}
