import type { Usage } from '@vigiles/wire';

/**
 * Usage of a joined answer as the client is told it: what one unbroken answer would have reported. Each part reads the
 * prompt again; clients that measure their context by this number must not see it several times. The ledger has all of it.
 */
export function joinUsage(parts: readonly Usage[]): Usage {
  const [first, ...rest] = parts;
  if (!first) return { inputTokens: 0, outputTokens: 0 };
  if (rest.length === 0) return first;
  const joined: Usage = { ...first };
  for (const part of rest) {
    joined.outputTokens += part.outputTokens;
    if (part.reasoningTokens !== undefined) {
      joined.reasoningTokens = (joined.reasoningTokens ?? 0) + part.reasoningTokens;
    }
  }
  return joined;
}

const FIELDS = [
  'inputTokens',
  'outputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'cacheWrite1hTokens',
  'reasoningTokens',
] as const satisfies readonly (keyof Usage)[];

/** Everything that was used, as it is billed. */
export function sumUsage(parts: readonly Usage[]): Usage {
  const sum: Usage = { inputTokens: 0, outputTokens: 0 };
  for (const part of parts) {
    for (const field of FIELDS) {
      const more = part[field];
      if (more !== undefined) sum[field] = (sum[field] ?? 0) + more;
    }
  }
  return sum;
}
