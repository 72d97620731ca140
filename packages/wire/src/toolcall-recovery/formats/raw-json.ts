import { callsInJson } from '../reading/json-calls.ts';
import { jsonValue } from '../reading/json-value.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import { meansCall } from '../reading/means-call.ts';
import type { Found, TextFormat } from './text-format.ts';

/** A bare `{"name": …, "arguments": …}` as the last thing said; Llama 3 puts `;` between several. */
export const rawJson: TextFormat = {
  name: 'raw-json',
  evidence: 'bare',
  strict: true,
  opens: ['{'],
  *read(cursor, { table }) {
    const { at } = cursor;
    if (!(yield* meansCall(cursor, table))) return undefined;
    cursor.back(at);
    const found: Found = { calls: [] };
    for (;;) {
      const text = yield* jsonValue(cursor);
      const read = text === undefined ? undefined : callsInJson(parseLenient(text)?.value);
      if (!read?.explicit || read.malformed > 0) return undefined;
      found.calls.push(...read.calls);
      const end = cursor.at;
      yield* cursor.spaces();
      if (!(yield* cursor.literal(';'))) {
        cursor.back(end);
        return found;
      }
      yield* cursor.spaces();
    }
  },
};
