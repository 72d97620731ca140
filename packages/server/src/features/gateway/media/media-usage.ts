import type { Usage } from '@vigiles/wire';

const KEY = Buffer.from('"usage":');

/**
 * Reads the usage that stands near the end of an answer, be it JSON or an event stream. Answers here are long (vectors,
 * images) and pass through: only their last bytes are kept.
 */
export function usageAtEnd(tail: Buffer): Usage | undefined {
  const at = tail.lastIndexOf(KEY);
  if (at === -1) return undefined;
  const text = tail.toString('utf8', at + KEY.length, tail.length).trimStart();
  const end = objectEnd(text);
  return end === 0 ? undefined : readUsage(text.slice(0, end));
}

function readUsage(text: string): Usage | undefined {
  let usage: Record<string, unknown>;
  try {
    usage = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const input = count(usage['prompt_tokens'] ?? usage['input_tokens']);
  const output = count(usage['completion_tokens'] ?? usage['output_tokens']);
  if (input === undefined && output === undefined) return undefined;
  return { inputTokens: input ?? 0, outputTokens: output ?? 0 };
}

/** Usage holds numbers and plain words, so counting braces is enough. */
function objectEnd(text: string): number {
  if (!text.startsWith('{')) return 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return 0;
}

const count = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 ? value : undefined;
