import type { Usage } from '../canonical/index.ts';
import { asCount, asRecord } from '../json/read.ts';

/**
 * Reads `usageMetadata`. Gemini counts thoughts apart from the answer and tool-use prompts apart from the prompt;
 * canonical output and input include them. Cached content is part of the prompt. Nothing readable is nothing, not zero.
 */
export function decodeUsage(value: unknown): Usage | undefined {
  const usage = asRecord(value);
  const prompt = asCount(usage?.promptTokenCount);
  const answer = asCount(usage?.candidatesTokenCount);
  const thoughts = asCount(usage?.thoughtsTokenCount);
  if (!usage || (prompt === undefined && answer === undefined && thoughts === undefined)) return undefined;
  const decoded: Usage = {
    inputTokens: (prompt ?? 0) + (asCount(usage.toolUsePromptTokenCount) ?? 0),
    outputTokens: (answer ?? 0) + (thoughts ?? 0),
  };
  const cached = asCount(usage.cachedContentTokenCount);
  if (cached !== undefined) decoded.cachedInputTokens = cached;
  if (thoughts !== undefined) decoded.reasoningTokens = thoughts;
  return decoded;
}

/** Writes `usageMetadata`: the answer without its thoughts. */
export function encodeUsage(usage: Usage): Record<string, unknown> {
  const thoughts = Math.min(usage.reasoningTokens ?? 0, usage.outputTokens);
  const encoded: Record<string, unknown> = {
    promptTokenCount: usage.inputTokens,
    candidatesTokenCount: usage.outputTokens - thoughts,
    totalTokenCount: usage.inputTokens + usage.outputTokens,
  };
  if (usage.reasoningTokens !== undefined) encoded.thoughtsTokenCount = thoughts;
  if (usage.cachedInputTokens !== undefined) encoded.cachedContentTokenCount = usage.cachedInputTokens;
  return encoded;
}
