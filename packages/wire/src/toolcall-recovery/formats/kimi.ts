import type { Cursor, Reading } from '../reading/cursor.ts';
import { jsonValue } from '../reading/json-value.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import type { RawCall } from '../types.ts';
import type { TextFormat } from './text-format.ts';

const SECTION = ['<|tool_calls_section_begin|>', '<|tool_call_section_begin|>'];
const SECTION_END = ['<|tool_calls_section_end|>', '<|tool_call_section_end|>'];
const BEGIN = '<|tool_call_begin|>';
const ARGUMENT = ['<|tool_call_argument_begin|>', '<|tool_sep|>'];
const END = ['<|tool_call_end|>'];

/** Kimi K2: `<|tool_calls_section_begin|><|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{…}…`. */
export const kimi: TextFormat = {
  name: 'kimi',
  evidence: 'token',
  opens: [...SECTION, BEGIN],
  *read(cursor) {
    const section = yield* cursor.oneOf(SECTION);
    const calls: RawCall[] = [];
    let malformed = 0;
    for (;;) {
      yield* cursor.spaces();
      if (section && (yield* cursor.oneOf(SECTION_END))) break;
      if (!(yield* cursor.literal(BEGIN))) {
        if (section && (cursor.overflowed || (yield* cursor.more()))) return undefined;
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
      // Outside a section each call stands for itself.
      if (!section) break;
    }
    return calls.length > 0 ? { calls, malformed } : undefined;
  },
};

function* oneCall(cursor: Cursor): Reading<RawCall | undefined> {
  yield* cursor.spaces();
  const name = yield* cursor.word();
  yield* cursor.spaces();
  if (!name || !(yield* cursor.oneOf(ARGUMENT))) return undefined;
  yield* cursor.spaces();
  const text = yield* jsonValue(cursor);
  yield* cursor.spaces();
  if (text === undefined || !(yield* cursor.oneOf(END))) return undefined;
  return { name, args: { form: 'json', value: parseLenient(text)?.value } };
}
