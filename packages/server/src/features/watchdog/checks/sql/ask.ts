/** One question to a database. */
export interface Question {
  /** With its secrets filled in: never for output. */
  url: string;
  /** Null: only that it takes a connection and answers. */
  query: string | null;
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Connects, asks, closes. Drivers are loaded when they are needed first. Resolves to the first value of the first row as text; throws what the
 * driver throws.
 */
export type Ask = (question: Question) => Promise<string | null>;

/** The question could not be put, for a reason of ours. */
export class CannotAsk extends Error {}

/**
 * When a driver or a server gives up by itself, ms: a little after `signal`. Were it the same moment, chance would decide whether a slow
 * database is told as slow or by whatever its driver says.
 */
export const driverMs = (timeoutMs: number): number => timeoutMs + 1000;

/** A value of a row as text; null and no row are null. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return JSON.stringify(value);
}

/** The first value of the first row. */
export const firstValue = (rows: readonly unknown[]): string | null => {
  const row = rows[0];
  return textOf(typeof row === 'object' && row !== null ? Object.values(row)[0] : row);
};
