import { isSpace, type Cursor, type Reading } from './cursor.ts';

const MAX_DEPTH = 128;
const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE, COMMA, COLON] = [
  34, 92, 91, 93, 123, 125, 44, 58,
];

type Expect = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end';

/**
 * Takes one JSON object or list and gives its text; undefined, with the cursor where it stopped, as soon as it cannot
 * be one. Checks the grammar as it goes, so that a quote left open does not swallow what follows. Raw line breaks
 * inside strings are let through: weak models write them.
 */
export function* jsonValue(cursor: Cursor): Reading<string | undefined> {
  const before = cursor.at;
  const open: number[] = [];
  let expect: Expect = 'value';
  do {
    if (!(yield* cursor.more())) return undefined;
    const code = cursor.text.charCodeAt(cursor.at);
    if (isSpace(code)) {
      cursor.take(1);
      continue;
    }
    if (code === CLOSE || code === CLOSE_LIST) {
      const inside = open.pop();
      const fits = code === CLOSE ? inside === OPEN : inside === OPEN_LIST;
      const ended = expect === 'comma-or-end' || expect === (code === CLOSE ? 'key-or-end' : 'value-or-end');
      if (!fits || !ended) return undefined;
      cursor.take(1);
      expect = 'comma-or-end';
    } else if (expect === 'comma-or-end') {
      if (code !== COMMA) return undefined;
      cursor.take(1);
      expect = open.at(-1) === OPEN ? 'key' : 'value';
    } else if (expect === 'colon') {
      if (code !== COLON) return undefined;
      cursor.take(1);
      expect = 'value';
    } else if (expect === 'key' || expect === 'key-or-end') {
      if (code !== QUOTE || !(yield* string(cursor))) return undefined;
      expect = 'colon';
    } else if (code === OPEN || code === OPEN_LIST) {
      if (open.push(code) > MAX_DEPTH) return undefined;
      cursor.take(1);
      expect = code === OPEN ? 'key-or-end' : 'value-or-end';
    } else {
      if (open.length === 0) return undefined;
      if (!(code === QUOTE ? yield* string(cursor) : yield* plain(cursor))) return undefined;
      expect = 'comma-or-end';
    }
  } while (open.length > 0);
  return cursor.text.slice(before, cursor.at);
}

function* string(cursor: Cursor): Reading<boolean> {
  cursor.take(1);
  while (yield* cursor.more()) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (code === BACKSLASH) {
      if (!(yield* cursor.more(2))) return false;
      cursor.take(2);
    } else {
      cursor.take(1);
      if (code === QUOTE) return true;
    }
  }
  return false;
}

/** Numbers, `true`, `false`, `null`: their letters are checked later, by the parser. */
function* plain(cursor: Cursor): Reading<boolean> {
  const before = cursor.at;
  while (cursor.at - before < 400 && (yield* cursor.more())) {
    const code = cursor.text.charCodeAt(cursor.at);
    const fits = (code >= 48 && code <= 57) || (code >= 97 && code <= 122) || code === 43;
    if (!fits && code !== 45 && code !== 46 && code !== 69) break;
    cursor.take(1);
  }
  return cursor.at > before;
}
