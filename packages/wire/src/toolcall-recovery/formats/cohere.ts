import { callsInJson } from '../reading/json-calls.ts';
import { jsonValue } from '../reading/json-value.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import { taggedJson } from '../reading/tagged-json.ts';
import type { TextFormat } from './text-format.ts';

const OPEN = '<|START_ACTION|>';

/** Command R7B and A: `<|START_ACTION|>[{"tool_name": …, "parameters": …}]<|END_ACTION|>`; Command R: `Action: ```json …`. */
export const cohere: TextFormat = {
  name: 'cohere',
  evidence: 'token',
  opens: [OPEN, 'Action:'],
  *read(cursor) {
    if (yield* cursor.literal(OPEN)) return yield* taggedJson(cursor, ['<|END_ACTION|>'], OPEN);
    yield* cursor.literal('Action:');
    yield* cursor.spaces();
    if (!(yield* cursor.literal('```json'))) return undefined;
    yield* cursor.spaces();
    const text = yield* jsonValue(cursor);
    yield* cursor.spaces();
    return text !== undefined && (yield* cursor.literal('```'))
      ? callsInJson(parseLenient(text)?.value)
      : undefined;
  },
};
