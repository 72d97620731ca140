/**
 * Tokens of one turn. `inputTokens` counts everything the model read, cache reads and writes included
 * (OpenAI's meaning; Anthropic reports them apart and its decoder adds them). `outputTokens` includes reasoning.
 */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  /** Part of `inputTokens` that was read from the prompt cache. */
  cachedInputTokens?: number;
  /** Part of `inputTokens` that was written to the prompt cache (5 minutes and 1 hour together). */
  cacheWriteTokens?: number;
  /** Part of `cacheWriteTokens` written with the 1-hour lifetime, which has its own price. */
  cacheWrite1hTokens?: number;
  /** Part of `outputTokens` spent on reasoning. */
  reasoningTokens?: number;
}
