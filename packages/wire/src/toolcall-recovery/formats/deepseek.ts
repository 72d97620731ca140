import type { Cursor, Reading } from '../reading/cursor.ts';
import { jsonValue } from '../reading/json-value.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import type { RawCall } from '../types.ts';
import type { TextFormat } from './text-format.ts';

/** Each token as the tokenizer spells it, and as it looks after a detour through ASCII. */
const token = (words: string): string[] =>
  ['｜', '|'].flatMap((bar) => ['▁', '_', ' '].map((gap) => `<${bar}${words.replaceAll(' ', gap)}${bar}>`));

const CALLS_BEGIN = [...token('tool calls begin'), ...token('tool calls section begin')];
const CALLS_END = token('tool calls end');
const BEGIN = token('tool call begin');
const END = token('tool call end');
const SEP = token('tool sep');

/** Spelled alike, but not meant here. */
const KIMI = '<|tool_call_begin|>';

/** DeepSeek V3, R1 and V3.1: `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{…}<｜tool▁call▁end｜>…`. */
export const deepseek: TextFormat = {
  name: 'deepseek',
  evidence: 'token',
  opens: [...token('tool calls begin'), ...BEGIN.filter((each) => each !== KIMI)],
  *read(cursor) {
    yield* cursor.oneOf(CALLS_BEGIN);
    const calls: RawCall[] = [];
    let malformed = 0;
    for (;;) {
      yield* cursor.spaces();
      if (yield* cursor.oneOf(CALLS_END)) break;
      if (!(yield* cursor.oneOf(BEGIN))) {
        if (cursor.overflowed || (yield* cursor.more())) return undefined;
        break;
      }
      const bodyStart = cursor.at;
      const call = yield* oneCall(cursor);
      if (call) calls.push(call);
      else {
        malformed++;
        cursor.back(bodyStart);
        if (!(yield* cursor.until(END))) return undefined;
      }
    }
    return calls.length > 0 ? { calls, malformed } : undefined;
  },
};

function* oneCall(cursor: Cursor): Reading<RawCall | undefined> {
  let name = yield* cursor.word();
  if (!(yield* cursor.oneOf(SEP))) return undefined;
  const place = cursor.at;
  // V3 and R1 write `function<sep>name` and the arguments in a fence; V3.1 `name<sep>{…}`.
  yield* cursor.spaces();
  if ((yield* cursor.peek()) !== '{') {
    cursor.back(place);
    name = yield* cursor.word();
    yield* cursor.spaces();
    yield* cursor.oneOf(['```json', '```']);
    yield* cursor.spaces();
  }
  const text = yield* jsonValue(cursor);
  if (text === undefined) return undefined;
  yield* cursor.spaces();
  if (yield* cursor.literal('```')) yield* cursor.spaces();
  if (!(yield* cursor.oneOf(END))) return undefined;
  return { name, args: { form: 'json', value: parseLenient(text)?.value } };
}
