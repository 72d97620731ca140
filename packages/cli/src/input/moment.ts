const units: Record<string, number> = {
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** UTC ms of `90s`, `15m`, `2h`, `3d`, `1w` ago, of `14:30` today (local), or of a date as ISO 8601; null: none of them. */
export function readMoment(text: string, now: number): number | null {
  const [, number, unit = ''] = /^(\d{1,9}(?:\.\d+)?)\s*(s|m|min|h|d|w)(?: ago)?$/.exec(text.trim()) ?? [];
  if (number !== undefined) return now - Number(number) * (units[unit] ?? 0);
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim()) ?? [];
  if (hours !== undefined) return new Date(now).setHours(Number(hours), Number(minutes), Number(seconds), 0);
  const at = /^\d{4}-/.test(text.trim()) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(at) ? at : null;
}
