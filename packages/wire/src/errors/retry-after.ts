/**
 * How long the provider asks us to wait, in whole milliseconds, or undefined where it does not say.
 * Read from `retry-after-ms`, then `retry-after` (seconds with decimals, or an HTTP date), then words in the error
 * message ("try again in 1.2s", "retry in 1m3s").
 * @param headers header names in any case
 * @param nowMs Unix milliseconds; NaN where no clock is at hand (dates are then passed over)
 */
export function parseRetryAfter(
  headers: Record<string, string | undefined>,
  nowMs: number,
  message?: string,
): number | undefined {
  const exact = parseNumber(find(headers, 'retry-after-ms'));
  if (exact !== undefined) return Math.ceil(exact);
  const value = find(headers, 'retry-after')?.trim();
  const seconds = parseNumber(value);
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  // Only a date has letters: `Date.parse` would also make one of "-5".
  const date = value && /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(date - nowMs)) return Math.max(0, date - nowMs);
  return message === undefined ? undefined : parseRetryWords(message);
}

/** The wait named in an error message. */
export function parseRetryWords(message: string): number | undefined {
  const lead = /\b(?:try again|retry|wait)(?:\s+(?:in|after|for))?\s+(?=[\d.])/i.exec(message.slice(0, 4000));
  if (!lead) return undefined;
  const rest = message.slice(lead.index + lead[0].length, lead.index + lead[0].length + 80);
  const piece =
    /\s*(\d+(?:\.\d+)?)\s*(milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h)\b(?:,| and)?|\s*(\d+(?:\.\d+)?)(h|m|s)(?=\d)/iy;
  let total: number | undefined;
  for (let match = piece.exec(rest); match; match = piece.exec(rest)) {
    const [, amount, unit, tightAmount, tightUnit] = match;
    total = (total ?? 0) + Number(amount ?? tightAmount) * unitMs((unit ?? tightUnit ?? 's').toLowerCase());
  }
  return total === undefined ? undefined : Math.ceil(total);
}

function unitMs(unit: string): number {
  if (unit === 'ms' || unit.startsWith('milli')) return 1;
  if (unit.startsWith('h')) return 3_600_000;
  return unit.startsWith('m') ? 60_000 : 1000;
}

function parseNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,12}(?:\.\d{0,12})?\s*$/.test(text) ? Number(text) : undefined;
}

function find(headers: Record<string, string | undefined>, name: string): string | undefined {
  const direct = headers[name];
  if (direct !== undefined) return direct;
  for (const [key, value] of Object.entries(headers)) if (key.toLowerCase() === name) return value;
  return undefined;
}
