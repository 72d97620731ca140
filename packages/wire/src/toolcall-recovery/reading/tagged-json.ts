import type { Found } from '../formats/text-format.ts';
import type { RawCall } from '../types.ts';
import type { Cursor, Reading } from './cursor.ts';
import { callsInJson } from './json-calls.ts';
import { jsonValue } from './json-value.ts';
import { parseLenient, readLenient } from './lenient-json.ts';

/**
 * JSON calls up to a closer, the opener being taken already: one or several objects, or a list. Balanced JSON at the
 * end of the text, or before the next opener, counts as closed. What is not quite JSON is read up to its closer.
 */
export function* taggedJson(
  cursor: Cursor,
  closers: readonly string[],
  opener: string,
): Reading<Found | undefined> {
  yield* cursor.spaces();
  const bodyStart = cursor.at;
  const first = yield* cursor.peek();
  if (first !== '{' && first !== '[') return undefined;
  const values: unknown[] = [];
  for (;;) {
    const text = yield* jsonValue(cursor);
    const read = text === undefined ? undefined : parseLenient(text);
    if (!read) break;
    values.push(read.value);
    yield* separators(cursor);
    if (yield* isClosed(cursor, closers, opener)) return gather(values);
    if ((yield* cursor.peek()) !== '{') break;
  }
  return yield* untilCloser(cursor, bodyStart, closers, opener);
}

function* isClosed(cursor: Cursor, closers: readonly string[], opener: string): Reading<boolean> {
  if (yield* cursor.oneOf(closers)) return true;
  if (!(yield* cursor.more())) return !cursor.overflowed;
  const at = cursor.at;
  const another = opener !== '' && (yield* cursor.literal(opener));
  cursor.back(at);
  return another;
}

function* separators(cursor: Cursor): Reading<void> {
  yield* cursor.spaces();
  if (yield* cursor.oneOf([',', ';'])) yield* cursor.spaces();
}

function* untilCloser(
  cursor: Cursor,
  bodyStart: number,
  closers: readonly string[],
  opener: string,
): Reading<Found | undefined> {
  cursor.back(bodyStart);
  const until = yield* cursor.until(closers);
  if (!until || (opener !== '' && until.body.includes(opener))) return undefined;
  const text = until.body.trimEnd();
  const read = readLenient(text);
  if (!read || !/^[\s}\]]*$/.test(text.slice(read.end))) return undefined;
  const found = gather([read.value]);
  for (const call of found.calls) call.lenient = read.closed ? 'closed-json' : 'lenient-json';
  return found;
}

function gather(values: readonly unknown[]): Found {
  const calls: RawCall[] = [];
  let malformed = 0;
  for (const value of values) {
    const read = callsInJson(value);
    calls.push(...read.calls);
    malformed += read.malformed;
  }
  return { calls, malformed };
}
