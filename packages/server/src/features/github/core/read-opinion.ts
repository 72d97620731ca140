import { VerdictKind } from '@vigiles/contract';
import { z } from 'zod';

const Answer = z.strictObject({
  kind: VerdictKind,
  reason: z.string().trim().min(1).max(1000),
  confidence: z.number().min(0).max(1),
});

/** What is made of a model's text: an opinion to be shown, or why there is none. */
export type ReadOpinion = { opinion: string; note: null } | { opinion: null; note: string };

const none = (note: string): ReadOpinion => ({ opinion: null, note });

/** One JSON object and nothing else; a fence around the whole of it is forgiven. */
function readJson(text: string): unknown {
  const bare = text.trim().replace(/^```(?:json)?\s*\n([\s\S]*)\n```$/, '$1');
  try {
    return JSON.parse(bare) as unknown;
  } catch {
    return undefined;
  }
}

/** Judges an answer by its shape and kinds. What is left of its words is plain text, short and without secrets. */
export function readOpinion(text: string, redact: (text: string) => string): ReadOpinion {
  if (text.trim() === '') return none('The answer was empty');
  const parsed = Answer.safeParse(readJson(text));
  if (!parsed.success) return none('The answer was not the JSON object that was asked for');
  const { kind, reason, confidence } = parsed.data;
  if (kind === 'unknown') return none('The model does not know either');
  const words = redact(reason)
    // oxlint-disable-next-line no-control-regex -- they are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, ' ')
    .slice(0, 400);
  return { opinion: `${kind} (${Math.round(confidence * 100)} % sure): ${words}`, note: null };
}
