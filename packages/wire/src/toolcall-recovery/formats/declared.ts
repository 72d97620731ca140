import { asRecord } from '../../json/read.ts';
import { callsInJson } from '../reading/json-calls.ts';
import { jsonValue } from '../reading/json-value.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import type { Cursor, Reading } from '../reading/cursor.ts';
import type { RawCall } from '../types.ts';
import type { Found, TextFormat } from './text-format.ts';

/** A way of writing calls that somebody described as data: fixed markers around JSON, so that reading it is linear. */
export interface DeclaredFormat {
  name: string;
  /** What a call begins with; the chain looks for calls where a `<` stands. */
  open: readonly string[];
  /** What it ends with. */
  close: readonly string[];
  payload: 'json' | 'keyed_json' | 'named_json';
  /** `json`: fields of name and arguments where they are not the usual ones. */
  nameKey?: string | undefined;
  argumentsKey?: string | undefined;
  /** `named_json`: between name and arguments. Absent: white space. */
  separator?: string | undefined;
}

const MAX_CALLS = 64;

/** The format as the chain reads it; after all built-in ones. */
export function declaredFormat(format: DeclaredFormat): TextFormat {
  // Of two markers the longer one is meant where both stand.
  const open = [...format.open].sort((a, b) => b.length - a.length);
  return {
    name: format.name,
    evidence: 'token',
    opens: open,
    *read(cursor) {
      if (!(yield* cursor.oneOf(open))) return undefined;
      yield* cursor.spaces();
      const found =
        format.payload === 'named_json' ? yield* namedCall(cursor, format) : yield* jsonCalls(cursor, format);
      if (!found) return undefined;
      yield* cursor.spaces();
      if (yield* cursor.oneOf(format.close)) return found;
      // Balanced JSON at the end of the text counts as closed.
      return !(yield* cursor.more()) && !cursor.overflowed ? found : undefined;
    },
  };
}

function* namedCall(cursor: Cursor, { separator }: DeclaredFormat): Reading<Found | undefined> {
  const name = yield* cursor.word();
  yield* cursor.spaces();
  if (name === '' || (separator !== undefined && !(yield* cursor.literal(separator)))) return undefined;
  yield* cursor.spaces();
  const text = yield* jsonValue(cursor);
  const value = text === undefined ? undefined : parseLenient(text)?.value;
  return asRecord(value) ? { calls: [{ name, args: { form: 'json', value } }] } : undefined;
}

function* jsonCalls(cursor: Cursor, format: DeclaredFormat): Reading<Found | undefined> {
  const found: Found = { calls: [], malformed: 0 };
  for (;;) {
    const text = yield* jsonValue(cursor);
    const read = text === undefined ? undefined : parseLenient(text);
    if (!read) break;
    for (const each of Array.isArray(read.value) ? read.value : [read.value]) {
      const calls = callsOf(each, format);
      found.calls.push(...calls);
      if (calls.length === 0) found.malformed = (found.malformed ?? 0) + 1;
    }
    const at = cursor.at;
    yield* cursor.spaces();
    if ((yield* cursor.oneOf([',', ';'])) !== '') yield* cursor.spaces();
    const next = yield* cursor.peek();
    if (next === '{' || next === '[') continue;
    cursor.back(at);
    break;
  }
  return found.calls.length > 0 && found.calls.length <= MAX_CALLS ? found : undefined;
}

function callsOf(value: unknown, { payload, nameKey, argumentsKey }: DeclaredFormat): RawCall[] {
  const record = asRecord(value);
  if (!record) return [];
  if (payload === 'keyed_json') {
    return Object.entries(record).flatMap(([name, args]) =>
      asRecord(args) ? [{ name, args: { form: 'json' as const, value: args } }] : [],
    );
  }
  if (nameKey === undefined && argumentsKey === undefined) return callsInJson(value).calls;
  const name = record[nameKey ?? 'name'];
  if (typeof name !== 'string' || name === '') return [];
  return [{ name, args: { form: 'json', value: record[argumentsKey ?? 'arguments'] } }];
}
