import { z } from 'zod';
import type { Allowed } from './allow-list.ts';

const Answer = z.strictObject({
  action: z.string().min(1).max(100),
  params: z.record(z.string().max(64), z.unknown()).optional(),
  reason: z.string().max(2000),
  confidence: z.number().min(0).max(1),
});

/** What is made of a model's text. Only `ok` may lead to anything. */
export type ReadAnswer =
  | { kind: 'ok'; action: string; params: Record<string, unknown>; reason: string; confidence: number }
  | { kind: 'not_allowed' | 'low_confidence'; action: string; reason: string; confidence: number }
  | { kind: 'invalid'; reason: string };

/** One JSON object and nothing else; a fence around the whole of it is forgiven. */
function readJson(text: string): unknown {
  const bare = text.trim().replace(/^```(?:json)?\s*\n([\s\S]*)\n```$/, '$1');
  try {
    return JSON.parse(bare) as unknown;
  } catch {
    return undefined;
  }
}

function paramsFault(params: Record<string, unknown>, { numbers, scripts }: Allowed): string | null {
  for (const [name, value] of Object.entries(params)) {
    if (name === 'script' && typeof value === 'string' && scripts.includes(value)) continue;
    if (numbers.includes(name) && typeof value === 'number') continue;
    return `it may not set “${name.slice(0, 40)}”`;
  }
  return null;
}

/** Judges an answer: shape, allow-list, parameters, confidence, in this order. */
export function readAnswer(text: string, allowed: readonly Allowed[], minConfidence: number): ReadAnswer {
  const parsed = Answer.safeParse(readJson(text));
  if (!parsed.success)
    return { kind: 'invalid', reason: 'The answer is not the JSON object that was asked for' };
  const { action, params = {}, reason: said, confidence } = parsed.data;
  const reason = said.slice(0, 500);
  const found = allowed.find(({ id }) => id === action);
  if (!found) {
    return {
      kind: 'not_allowed',
      action,
      confidence,
      reason: `“${action}” is not one of the actions it may choose`,
    };
  }
  const wrong = paramsFault(params, found);
  if (wrong !== null) return { kind: 'not_allowed', action, confidence, reason: `For ${action} ${wrong}` };
  if (confidence < minConfidence) return { kind: 'low_confidence', action, confidence, reason };
  const { script, ...numbers } = params;
  // The runner knows a script by its name.
  return {
    kind: 'ok',
    action,
    params: { ...numbers, ...(script === undefined ? {} : { name: script }) },
    reason,
    confidence,
  };
}
