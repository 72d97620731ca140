import { valueUntil } from '../reading/parameters.ts';
import type { TextFormat } from './text-format.ts';

/** Roo Code and Cline: the tool is the tag and its arguments are the tags inside, `<read_file><path>…</path></read_file>`. */
export const roo: TextFormat = {
  name: 'roo',
  evidence: 'tag',
  strict: true,
  opens: [],
  opensFor: (table) => table.tools.map(({ name }) => `<${name}>`),
  *read(cursor) {
    yield* cursor.literal('<');
    const name = yield* cursor.word();
    if (!(yield* cursor.literal('>'))) return undefined;
    const end = `</${name}>`;
    const values = new Map<string, string>();
    for (;;) {
      yield* cursor.spaces();
      if (yield* cursor.literal(end))
        return { calls: [{ name, args: { form: 'values', values, typed: new Set() } }] };
      if (!(yield* cursor.literal('<'))) return undefined;
      const key = yield* cursor.word();
      if (!key || !(yield* cursor.literal('>'))) return undefined;
      const value = yield* valueUntil(cursor, [`</${key}>`], [end, '<'], [end]);
      if (value === undefined) return undefined;
      values.set(key, value);
    }
  },
};
