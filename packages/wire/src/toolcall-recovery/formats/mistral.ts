import type { Cursor, Reading } from '../reading/cursor.ts';
import { callsInJson } from '../reading/json-calls.ts';
import { jsonValue } from '../reading/json-value.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import type { RawCall } from '../types.ts';
import type { Found, TextFormat } from './text-format.ts';

const OPEN = '[TOOL_CALLS]';

/** Mistral: `[TOOL_CALLS][{"name": …, "arguments": …}]`, and since v11 `[TOOL_CALLS]f[ARGS]{…}` again and again. */
export const mistral: TextFormat = {
  name: 'mistral',
  evidence: 'token',
  opens: [OPEN],
  *read(cursor) {
    yield* cursor.literal(OPEN);
    yield* cursor.spaces();
    const mark = yield* cursor.peek();
    if (mark === '[' || mark === '{') return yield* listed(cursor);
    const calls: RawCall[] = [];
    for (;;) {
      const name = yield* cursor.word();
      if (yield* cursor.literal('[CALL_ID]')) yield* cursor.word();
      yield* cursor.literal('[ARGS]');
      yield* cursor.spaces();
      const text = name ? yield* jsonValue(cursor) : undefined;
      if (text === undefined) return undefined;
      calls.push({ name, args: { form: 'json', value: parseLenient(text)?.value } });
      const end = cursor.at;
      yield* cursor.spaces();
      if (yield* cursor.literal(OPEN)) continue;
      cursor.back(end);
      return { calls };
    }
  },
};

function* listed(cursor: Cursor): Reading<Found | undefined> {
  const text = yield* jsonValue(cursor);
  return text === undefined ? undefined : callsInJson(parseLenient(text)?.value);
}
