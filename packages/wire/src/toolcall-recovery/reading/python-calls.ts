import type { RawCall } from '../types.ts';
import { isSpace, isWord, type Cursor, type Reading } from './cursor.ts';
import { readLenient } from './lenient-json.ts';

const OPEN = '([{';
const CLOSE = ')]}';

/** Takes Python code from an opening bracket to the one that closes it; undefined when it is never closed. */
export function* balanced(cursor: Cursor): Reading<string | undefined> {
  const before = cursor.at;
  let depth = 0;
  let quote = '';
  while (yield* cursor.more()) {
    const mark = cursor.text.charAt(cursor.at);
    if (quote) {
      if (mark === '\\') {
        if (!(yield* cursor.more(2))) return undefined;
        cursor.take(1);
      } else if (mark === quote) quote = '';
    } else if (mark === '"' || mark === "'") quote = mark;
    else if (OPEN.includes(mark)) depth++;
    else if (CLOSE.includes(mark)) depth--;
    cursor.take(1);
    if (depth === 0) return cursor.text.slice(before, cursor.at);
  }
  return undefined;
}

/** The calls in `f(a=1), g(b="x")`, with or without brackets around; undefined when it is any other code. */
export function callsInPython(code: string): RawCall[] | undefined {
  const calls: RawCall[] = [];
  let at = skip(code, 0);
  const listed = code.charAt(at) === '[';
  if (listed) at++;
  for (;;) {
    at = skip(code, at);
    const read = oneCall(code, at);
    if (!read) return undefined;
    calls.push(read.call);
    at = skip(code, read.end);
    const mark = code.charAt(at);
    if (mark === '' && !listed) return calls;
    if (mark === ']' && listed) return skip(code, at + 1) === code.length ? calls : undefined;
    if (mark === ',' || mark === ';') at++;
    else if (listed) return undefined;
  }
}

interface ReadCall {
  call: RawCall;
  end: number;
}

function oneCall(code: string, start: number): ReadCall | undefined {
  let at = start;
  while (isWord(code.charCodeAt(at))) at++;
  const name = code.slice(start, at);
  if (name === '' || code.charAt(at) !== '(') return undefined;
  if (name === 'print') {
    const inner = oneCall(code, skip(code, at + 1));
    const end = inner ? skip(code, inner.end) : 0;
    return inner && code.charAt(end) === ')' ? { call: inner.call, end: end + 1 } : undefined;
  }
  const args: [string, unknown][] = [];
  at = skip(code, at + 1);
  while (code.charAt(at) !== ')') {
    const keyStart = at;
    while (/\w/.test(code.charAt(at))) at++;
    const key = code.slice(keyStart, at);
    at = skip(code, at);
    if (key === '' || code.charAt(at) !== '=') return undefined;
    const read = readLenient(code, skip(code, at + 1), false);
    if (!read) return undefined;
    args.push([key, read.value]);
    at = skip(code, read.end);
    if (code.charAt(at) === ',') at = skip(code, at + 1);
    else if (code.charAt(at) !== ')') return undefined;
  }
  const call: RawCall = {
    name: name.replace(/\.call$/, ''),
    args: { form: 'json', value: Object.fromEntries(args) },
  };
  return { call, end: at + 1 };
}

function skip(code: string, at: number): number {
  let end = at;
  while (end < code.length && isSpace(code.charCodeAt(end))) end++;
  return end;
}
