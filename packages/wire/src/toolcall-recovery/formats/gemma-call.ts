import { asRecord } from '../../json/read.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import type { TextFormat } from './text-format.ts';

/** Opener, closer, and the token on both sides of each string. */
const KINDS = [
  { open: '<start_function_call>', close: '<end_function_call>', quote: '<escape>' },
  { open: '<|tool_call>', close: '<tool_call|>', quote: '<|"|>' },
] as const;
const OPENS = KINDS.map(({ open }) => open);
const TRAILER = '<start_function_response>';
const KEY = /([{,]\s*)([A-Za-z_][\w.-]{0,80})\s*:/g;

/**
 * FunctionGemma: `<start_function_call>call:f{a:<escape>x<escape>,n:2}<end_function_call>`; Gemma 4 the same between
 * `<|tool_call>` and `<tool_call|>`, with `<|"|>` around strings. Google’s formatting guide, Gemma 4’s chat template.
 */
export const gemmaCall: TextFormat = {
  name: 'gemma',
  evidence: 'token',
  opens: OPENS,
  *read(cursor) {
    const opener = yield* cursor.oneOf(OPENS);
    const kind = KINDS.find(({ open }) => open === opener);
    yield* cursor.spaces();
    if (!kind || !(yield* cursor.literal('call:'))) return undefined;
    const name = yield* cursor.word();
    if ((yield* cursor.peek()) !== '{') return undefined;
    const until = yield* cursor.until([kind.close]);
    const args = until && argumentsIn(until.body.trim(), kind.quote);
    if (!args) return undefined;
    yield* cursor.literal(TRAILER);
    return { calls: [{ name, args: { form: 'json', value: args } }] };
  },
};

/** Bare keys and quoted tokens made JSON: only what stands between strings is touched. */
function argumentsIn(body: string, quote: string): Record<string, unknown> | undefined {
  const parts = body.split(quote);
  if (parts.length % 2 === 0) return undefined;
  const json = parts.map((part, at) => (at % 2 === 1 ? JSON.stringify(part) : part.replace(KEY, '$1"$2":')));
  const read = parseLenient(json.join(''));
  return read && !read.closed ? asRecord(read.value) : undefined;
}
