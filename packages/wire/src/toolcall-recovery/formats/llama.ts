import { isWord, type Cursor, type Reading } from '../reading/cursor.ts';
import { callsInJson } from '../reading/json-calls.ts';
import { jsonValue } from '../reading/json-value.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import { balanced, callsInPython } from '../reading/python-calls.ts';
import type { Found, TextFormat } from './text-format.ts';

const OPEN = '<|python_tag|>';
/** Llama 4’s, around a list of Python calls. */
const START = '<|python_start|>';
const END = '<|python_end|>';

/** Llama 3: `<|python_tag|>{"name": …, "parameters": …}`, several with `;` between, or `<|python_tag|>f.call(a="x")`. */
export const llama: TextFormat = {
  name: 'llama',
  evidence: 'token',
  opens: [OPEN, START],
  *read(cursor) {
    const listed = yield* cursor.literal(START);
    if (!listed) yield* cursor.literal(OPEN);
    yield* cursor.spaces();
    const mark = yield* cursor.peek();
    if (listed && mark === '[') return yield* pythonList(cursor);
    if (isWord(mark.charCodeAt(0))) return yield* builtIn(cursor);
    const found: Found = { calls: [] };
    for (;;) {
      const text = yield* jsonValue(cursor);
      if (text === undefined) return undefined;
      found.calls.push(...callsInJson(parseLenient(text)?.value).calls);
      const end = cursor.at;
      yield* cursor.spaces();
      yield* cursor.literal(';');
      yield* cursor.spaces();
      if ((yield* cursor.peek()) === '{') continue;
      cursor.back(end);
      return found;
    }
  },
};

function* pythonList(cursor: Cursor): Reading<Found | undefined> {
  const code = yield* balanced(cursor);
  const calls = code === undefined ? undefined : callsInPython(code);
  yield* cursor.literal(END);
  return calls && { calls };
}

function* builtIn(cursor: Cursor): Reading<Found | undefined> {
  const name = yield* cursor.word();
  if ((yield* cursor.peek()) !== '(') return undefined;
  const code = yield* balanced(cursor);
  const calls = code === undefined ? undefined : callsInPython(name + code);
  return calls && { calls };
}
