import type { CiJob } from '@vigiles/contract';

/** Where nothing says when a limit opens again. */
export const usualRestMs = 1_800_000;
/** No limit that opens by itself is known to last longer (Docker Hub: six hours); whatever a log claims. */
const longestRestMs = 6 * 3_600_000;

const unit: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const unitOf = (word: string): number => {
  const lower = word.toLowerCase();
  return unit[/^(?:ms|milli)/.test(lower) ? 'ms' : (lower[0] ?? 's')] ?? 1000;
};

/** "retry after 120", "try again in 5 minutes", "Retry-After: 60", "resets in 1h", "please wait 30 seconds". */
const span =
  /\b(?:retry[ _-]?after|(?:try|retry) again (?:in|after)|retry in|resets? (?:in|after)|wait(?: for)?)["']?\s*[:=]?\s*(?:about |another )?(\d{1,7})(?:\.\d{1,9})?\s*(milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h)?\b/i;
/** "x-ratelimit-reset: 1790000000", "reset at 2026-11-21T10:00:00Z". */
const epoch = /\breset(?:s|_at|[ -]at|[ -]time)?["']?\s*[:=]?\s*(?:at\s+)?(\d{10})(?!\d)/i;
const moment =
  /\b(?:reset|again|until|after)\D{0,30}?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:\.\d{1,9})?\s*(Z|UTC|\+00:?00)/i;

/** When a line says that a limit opens again; null: it does not say. @param endedAt spans are counted from here, UTC ms */
function saidBy(line: string, endedAt: number): number | null {
  const at = epoch.exec(line)?.[1];
  if (at !== undefined) return Number(at) * 1000;
  const time = moment.exec(line)?.[1];
  if (time !== undefined) {
    const ms = Date.parse(`${time.replace(' ', 'T')}Z`);
    if (Number.isFinite(ms)) return ms;
  }
  const [found, count, word] = span.exec(line) ?? [];
  return found === undefined ? null : endedAt + Number(count) * unitOf(word ?? 's');
}

/**
 * When the failed jobs of an attempt may run again because a limit of requests was what failed them: the latest time their logs
 * name, else half an hour after they ended. Null: no limit is in it. Pure; logs are hostile, so no rest is longer than six hours.
 * @param endedAt of the attempt, UTC ms
 * @param apiResetAt when GitHub's own limit opens, where it is used up now; null: it is not
 */
export function restUntil(jobs: readonly CiJob[], endedAt: number, apiResetAt: number | null): number | null {
  const limited = jobs.filter(({ verdict }) => verdict?.kind === 'rate_limit');
  if (limited.length === 0) return null;
  const rests = limited.map(({ verdict, lines }) => {
    const said = [...lines.map(({ text }) => text), verdict?.line?.text ?? '']
      .map((text) => saidBy(text, endedAt))
      .filter((at) => at !== null);
    return said.length > 0 ? Math.max(...said) : (apiResetAt ?? endedAt + usualRestMs);
  });
  return Math.min(Math.max(...rests), endedAt + longestRestMs);
}
