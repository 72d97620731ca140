/** A span of time that charts show. `to` null: it ends now, and moves on. */
export interface HistorySpan {
  id: string;
  lengthMs: number;
  from: number | null;
  to: number | null;
}

const hour = 3_600_000;

export const spans = [
  { id: '1h', label: '1 h', lengthMs: hour },
  { id: '24h', label: '24 h', lengthMs: 24 * hour },
  { id: '7d', label: '7 d', lengthMs: 168 * hour },
  { id: '30d', label: '30 d', lengthMs: 720 * hour },
  { id: '1y', label: '1 y', lengthMs: 8760 * hour },
] as const;

/** What the address says: a name (`24h`), or two times (`1700000000000-1700003600000`). An hour for anything else. */
export function parseSpan(text: string | undefined): HistorySpan {
  const [, first, second] = /^(\d{12,14})-(\d{12,14})$/.exec(text ?? '') ?? [];
  const from = Number(first);
  const to = Number(second);
  if (first !== undefined && from < to) return { id: `${from}-${to}`, lengthMs: to - from, from, to };
  const named = spans.find(({ id }) => id === text) ?? spans[0];
  return { id: named.id, lengthMs: named.lengthMs, from: null, to: null };
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** UTC ms as a `datetime-local` field wants it, in local time. */
export function toLocalInput(ts: number): string {
  const date = new Date(ts);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}`;
}
