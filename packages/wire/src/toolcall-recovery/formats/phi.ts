import { callsInJson } from '../reading/json-calls.ts';
import { jsonValue } from '../reading/json-value.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import { taggedJson } from '../reading/tagged-json.ts';
import type { TextFormat } from './text-format.ts';

const OPEN = '<|tool_call|>';

/** Phi 4 mini: `<|tool_call|>[…]<|/tool_call|>`, or `functools[{"name": …, "arguments": …}]`. */
export const phi: TextFormat = {
  name: 'phi',
  evidence: 'token',
  opens: [OPEN, 'functools['],
  *read(cursor) {
    if (yield* cursor.literal(OPEN)) return yield* taggedJson(cursor, ['<|/tool_call|>'], OPEN);
    yield* cursor.literal('functools');
    const text = yield* jsonValue(cursor);
    return text === undefined ? undefined : callsInJson(parseLenient(text)?.value);
  },
};
