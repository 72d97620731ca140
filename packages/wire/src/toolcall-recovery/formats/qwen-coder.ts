import type { Cursor, Reading } from '../reading/cursor.ts';
import { jsonValue } from '../reading/json-value.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import { valueUntil } from '../reading/parameters.ts';
import type { RawCall } from '../types.ts';
import type { TextFormat } from './text-format.ts';

/**
 * Qwen3-Coder: `<tool_call><function=f><parameter=a>…</parameter></function></tool_call>`; the outer tag is often left
 * out. Llama 3.1 writes `<function=f>{"a": 1}</function>`.
 */
export const qwenCoder: TextFormat = {
  name: 'qwen-coder',
  evidence: 'tag',
  opens: ['<tool_call>', '<function='],
  *read(cursor) {
    const wrapped = yield* cursor.literal('<tool_call>');
    const calls: RawCall[] = [];
    do {
      if (wrapped) yield* cursor.spaces();
      if (!(yield* cursor.literal('<function='))) return undefined;
      const call = yield* oneFunction(cursor);
      if (!call) return undefined;
      calls.push(call);
      if (!wrapped) return { calls };
      yield* cursor.spaces();
      if (yield* cursor.literal('</tool_call>')) return { calls };
    } while ((yield* cursor.peek()) === '<');
    return !cursor.overflowed && !(yield* cursor.more()) ? { calls } : undefined;
  },
};

function* oneFunction(cursor: Cursor): Reading<RawCall | undefined> {
  const name = yield* tagName(cursor);
  if (!name) return undefined;
  yield* cursor.spaces();
  if ((yield* cursor.peek()) === '{') {
    const text = yield* jsonValue(cursor);
    yield* cursor.spaces();
    if (text === undefined || !(yield* cursor.literal('</function>'))) return undefined;
    return { name, args: { form: 'json', value: parseLenient(text)?.value } };
  }
  const values = new Map<string, string>();
  for (;;) {
    yield* cursor.spaces();
    if (yield* cursor.literal('</function>'))
      return { name, args: { form: 'values', values, typed: new Set() } };
    if (!(yield* cursor.literal('<parameter='))) return undefined;
    const key = yield* tagName(cursor);
    const value = key
      ? yield* valueUntil(cursor, ['</parameter>'], ['<parameter=', '</function>'], ['</function>'])
      : undefined;
    if (value === undefined) return undefined;
    values.set(key, value);
  }
}

/** `name>` or `"name">`. */
function* tagName(cursor: Cursor): Reading<string> {
  const quote = yield* cursor.oneOf(['"', "'"]);
  const name = yield* cursor.word();
  if (quote && !(yield* cursor.literal(quote))) return '';
  yield* cursor.spaces();
  return (yield* cursor.literal('>')) ? name : '';
}
