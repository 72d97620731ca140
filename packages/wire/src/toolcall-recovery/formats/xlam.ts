import { callsInJson } from '../reading/json-calls.ts';
import { meansCall } from '../reading/means-call.ts';
import { jsonValue } from '../reading/json-value.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import type { TextFormat } from './text-format.ts';

/** xLAM: a bare list `[{"name": …, "arguments": …}]` as the whole answer. */
export const xlam: TextFormat = {
  name: 'xlam',
  evidence: 'bare',
  strict: true,
  opens: ['['],
  *read(cursor, { table }) {
    const { at } = cursor;
    if (!(yield* meansCall(cursor, table))) return undefined;
    cursor.back(at);
    const text = yield* jsonValue(cursor);
    const read = text === undefined ? undefined : callsInJson(parseLenient(text)?.value);
    return read?.explicit && read.malformed === 0 ? read : undefined;
  },
};
