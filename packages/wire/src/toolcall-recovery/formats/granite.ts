import { taggedJson } from '../reading/tagged-json.ts';
import type { TextFormat } from './text-format.ts';

const OPEN = '<|tool_call|>';

/** Granite 3: `<|tool_call|>[{"name": …, "arguments": …}]`, closed by the list itself. */
export const granite: TextFormat = {
  name: 'granite',
  evidence: 'token',
  opens: [OPEN],
  *read(cursor) {
    yield* cursor.literal(OPEN);
    return yield* taggedJson(cursor, ['<|end_of_text|>', '</|tool_call|>'], OPEN);
  },
};
