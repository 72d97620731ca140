import type { Usage } from '../canonical/index.ts';
import { asCount, asRecord } from '../json/read.ts';

/**
 * Reads Chat `usage`, vendor spellings included: DeepSeek `prompt_cache_hit_tokens`, Moonshot `cached_tokens`,
 * OpenRouter `cache_write_tokens`. Nothing readable is nothing, not zero.
 */
export function decodeUsage(value: unknown): Usage | undefined {
  const usage = asRecord(value);
  const input = asCount(usage?.prompt_tokens);
  const output = asCount(usage?.completion_tokens);
  if (!usage || (input === undefined && output === undefined)) return undefined;
  const inputDetails = asRecord(usage.prompt_tokens_details);
  const outputDetails = asRecord(usage.completion_tokens_details);
  const decoded: Usage = { inputTokens: input ?? 0, outputTokens: output ?? 0 };
  const cached =
    asCount(inputDetails?.cached_tokens) ??
    asCount(usage.prompt_cache_hit_tokens) ??
    asCount(usage.cached_tokens);
  const written = asCount(inputDetails?.cache_write_tokens);
  const reasoning = asCount(outputDetails?.reasoning_tokens);
  if (cached !== undefined) decoded.cachedInputTokens = cached;
  if (written !== undefined) decoded.cacheWriteTokens = written;
  if (reasoning !== undefined) {
    decoded.reasoningTokens = reasoning;
    // xAI counts reasoning apart from completion_tokens; only the total gives it away.
    const apart = decoded.inputTokens + decoded.outputTokens + reasoning;
    if (reasoning > 0 && asCount(usage.total_tokens) === apart) decoded.outputTokens += reasoning;
  }
  return decoded;
}

/** Writes Chat `usage`. */
export function encodeUsage(usage: Usage): Record<string, unknown> {
  const encoded: Record<string, unknown> = {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
  if (usage.cachedInputTokens !== undefined || usage.cacheWriteTokens !== undefined) {
    encoded.prompt_tokens_details = {
      cached_tokens: usage.cachedInputTokens ?? 0,
      ...(usage.cacheWriteTokens === undefined ? {} : { cache_write_tokens: usage.cacheWriteTokens }),
    };
  }
  if (usage.reasoningTokens !== undefined) {
    encoded.completion_tokens_details = { reasoning_tokens: usage.reasoningTokens };
  }
  return encoded;
}
