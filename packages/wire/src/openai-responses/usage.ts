import type { Usage } from '../canonical/index.ts';
import { asCount, asRecord } from '../json/read.ts';

/** Reads Responses `usage`; details that are missing stay unknown. Nothing readable is nothing, not zero. */
export function decodeUsage(value: unknown): Usage | undefined {
  const usage = asRecord(value);
  const input = asCount(usage?.input_tokens);
  const output = asCount(usage?.output_tokens);
  if (!usage || (input === undefined && output === undefined)) return undefined;
  const decoded: Usage = { inputTokens: input ?? 0, outputTokens: output ?? 0 };
  const inputDetails = asRecord(usage.input_tokens_details);
  const cached = asCount(inputDetails?.cached_tokens);
  const written = asCount(inputDetails?.cache_write_tokens);
  const reasoning = asCount(asRecord(usage.output_tokens_details)?.reasoning_tokens);
  if (cached !== undefined) decoded.cachedInputTokens = cached;
  if (written !== undefined) decoded.cacheWriteTokens = written;
  if (reasoning !== undefined) decoded.reasoningTokens = reasoning;
  return decoded;
}

/** Writes `usage` with all its details: Codex refuses an answer whose details lack a field. Unknown usage is `null`. */
export function encodeUsage(usage: Usage | undefined): Record<string, unknown> | null {
  if (!usage) return null;
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cachedInputTokens ?? 0,
      ...(usage.cacheWriteTokens !== undefined && { cache_write_tokens: usage.cacheWriteTokens }),
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
