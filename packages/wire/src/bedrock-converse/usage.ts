import type { Usage } from '../canonical/index.ts';
import { asCount, asList, asRecord } from '../json/read.ts';

/**
 * Reads Converse `usage`. Cache reads and writes are counted apart from `inputTokens`; canonical input includes them.
 * Nothing readable is nothing, not zero.
 */
export function decodeUsage(value: unknown): Usage | undefined {
  const usage = asRecord(value);
  const input = asCount(usage?.inputTokens);
  const output = asCount(usage?.outputTokens);
  if (!usage || (input === undefined && output === undefined)) return undefined;
  const read = asCount(usage.cacheReadInputTokens);
  const written = asCount(usage.cacheWriteInputTokens);
  const decoded: Usage = {
    inputTokens: (input ?? 0) + (read ?? 0) + (written ?? 0),
    outputTokens: output ?? 0,
  };
  if (read !== undefined) decoded.cachedInputTokens = read;
  if (written !== undefined) decoded.cacheWriteTokens = written;
  let long: number | undefined;
  for (const entry of asList(usage.cacheDetails)) {
    const detail = asRecord(entry);
    if (detail?.ttl === '1h') long = (long ?? 0) + (asCount(detail.inputTokens) ?? 0);
  }
  if (long !== undefined && written !== undefined) decoded.cacheWrite1hTokens = Math.min(long, written);
  return decoded;
}
