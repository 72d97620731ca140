import { valueUntil } from '../reading/parameters.ts';
import type { TextFormat } from './text-format.ts';

const NEXT = ['<arg_key>', '</tool_call>'];

/** GLM 4.5 and later: `<tool_call>f\n<arg_key>a</arg_key>\n<arg_value>…</arg_value>\n</tool_call>`. */
export const glm: TextFormat = {
  name: 'glm',
  evidence: 'tag',
  opens: ['<tool_call>'],
  *read(cursor, { table }) {
    yield* cursor.literal('<tool_call>');
    yield* cursor.spaces();
    const name = yield* cursor.word();
    if (!table.find(name)) return undefined;
    const values = new Map<string, string>();
    for (;;) {
      yield* cursor.spaces();
      if (yield* cursor.literal('</tool_call>'))
        return { calls: [{ name, args: { form: 'values', values, typed: new Set() } }] };
      if (!(yield* cursor.literal('<arg_key>'))) return undefined;
      const key = yield* cursor.until(['</arg_key>'], 200);
      yield* cursor.spaces();
      if (!key || !(yield* cursor.literal('<arg_value>'))) return undefined;
      const value = yield* valueUntil(cursor, ['</arg_value>'], NEXT, ['<arg_key>']);
      if (value === undefined) return undefined;
      values.set(key.body.trim(), value);
    }
  },
};
