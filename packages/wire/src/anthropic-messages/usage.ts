import type { Usage } from '../canonical/index.ts';
import { asCount, asRecord, type JsonRecord } from '../json/read.ts';

/**
 * Reads Messages `usage`. Anthropic counts cache reads and writes apart from `input_tokens`; canonical input includes
 * them. Nothing readable is nothing, not zero.
 * @param before the raw usage seen earlier in the same stream: later fields replace it one by one, because
 *   `message_delta` is cumulative, may revise the input and leaves out what did not change.
 */
export function decodeUsage(value: unknown, before?: JsonRecord): Usage | undefined {
  const merged = mergeUsage(before, value);
  const input = asCount(merged?.input_tokens);
  const output = asCount(merged?.output_tokens);
  if (!merged || (input === undefined && output === undefined)) return undefined;
  const read = asCount(merged.cache_read_input_tokens);
  const split = asRecord(merged.cache_creation);
  const write5m = asCount(split?.ephemeral_5m_input_tokens);
  const write1h = asCount(split?.ephemeral_1h_input_tokens);
  const splitSum =
    write5m === undefined && write1h === undefined ? undefined : (write5m ?? 0) + (write1h ?? 0);
  const written = asCount(merged.cache_creation_input_tokens) ?? splitSum;
  const usage: Usage = {
    inputTokens: (input ?? 0) + (read ?? 0) + (written ?? 0),
    outputTokens: output ?? 0,
  };
  if (read !== undefined) usage.cachedInputTokens = read;
  if (written !== undefined) usage.cacheWriteTokens = written;
  if (write1h !== undefined) usage.cacheWrite1hTokens = Math.min(write1h, written ?? write1h);
  const thinking = asCount(asRecord(merged.output_tokens_details)?.thinking_tokens);
  if (thinking !== undefined) usage.reasoningTokens = thinking;
  return usage;
}

const INPUT_FIELDS = ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'];

/** Raw usage with the later one's fields on top; `null` says nothing. */
export function mergeUsage(before: JsonRecord | undefined, value: unknown): JsonRecord | undefined {
  const later = asRecord(value);
  if (!later) return before;
  if (!before) return later;
  const merged: JsonRecord = { ...before };
  // Look-alikes fill the input they do not repeat with zeros.
  const silent = !INPUT_FIELDS.some((field) => asCount(later[field]));
  for (const [key, field] of Object.entries(later)) {
    if (field === null || field === undefined || (silent && INPUT_FIELDS.includes(key))) continue;
    merged[key] = field;
  }
  return merged;
}

/** Writes Messages `usage`: input without what came from or went into the cache. */
export function encodeUsage(usage: Usage): JsonRecord {
  const read = usage.cachedInputTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  const encoded: JsonRecord = {
    input_tokens: Math.max(0, usage.inputTokens - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens: usage.outputTokens,
  };
  if (usage.cacheWrite1hTokens !== undefined) {
    encoded.cache_creation = {
      ephemeral_5m_input_tokens: Math.max(0, written - usage.cacheWrite1hTokens),
      ephemeral_1h_input_tokens: usage.cacheWrite1hTokens,
    };
  }
  if (usage.reasoningTokens !== undefined) {
    encoded.output_tokens_details = { thinking_tokens: usage.reasoningTokens };
  }
  return encoded;
}
