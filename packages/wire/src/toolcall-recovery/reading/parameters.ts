import type { Cursor, Reading } from './cursor.ts';

/** The words of a call between tags, and which of them are to be read as JSON. */
export interface Parameters {
  values: Map<string, string>;
  typed: Set<string>;
}

const MAX_TAG = 400;

/**
 * A value up to the closer that is followed by one of `nexts`: a closer inside the value (a file about this very
 * markup) is part of it. A value that holds one of `ends` was never closed and has run into the next call: undefined.
 * One line break at each end belongs to the markup.
 */
export function* valueUntil(
  cursor: Cursor,
  closers: readonly string[],
  nexts: readonly string[],
  ends: readonly string[],
): Reading<string | undefined> {
  const before = cursor.at;
  for (;;) {
    const until = yield* cursor.until(closers);
    if (!until) return undefined;
    const end = cursor.at;
    const body = cursor.text.slice(before, end - until.closer.length);
    yield* cursor.spaces();
    const followed = yield* cursor.oneOf(nexts);
    cursor.back(end);
    if (followed && ends.some((each) => body.includes(each))) return undefined;
    if (followed) return body.replace(/^\r?\n/, '').replace(/\r?\n$/, '');
  }
}

/** The rest of a tag up to `>`, as the value of its `name` and the text of its other attributes. */
export function* attributes(cursor: Cursor): Reading<{ name: string; rest: string } | undefined> {
  const before = cursor.at;
  let quote = '';
  while (cursor.at - before < MAX_TAG && (yield* cursor.more())) {
    const mark = cursor.text.charAt(cursor.at);
    cursor.take(1);
    if (quote) quote = mark === quote ? '' : quote;
    else if (mark === '"' || mark === "'") quote = mark;
    else if (mark === '>') {
      const text = cursor.text.slice(before, cursor.at - 1);
      const name = /(?:^|\s)name\s{0,4}=\s{0,4}(?:"([^"]*)"|'([^']*)'|([\w.:-]+))/.exec(text);
      return { name: name?.[1] ?? name?.[2] ?? name?.[3] ?? '', rest: text };
    } else if (mark === '<') return undefined;
  }
  return undefined;
}

/** How the tags of one dialect are spelled; every list is tried in order. */
export interface ParameterTags {
  open: readonly string[];
  close: readonly string[];
  /** What ends the call. */
  end: readonly string[];
}

/** `<parameter name="a">…</parameter>` again and again, up to and with the end of the call. */
export function* namedParameters(cursor: Cursor, tags: ParameterTags): Reading<Parameters | undefined> {
  const values = new Map<string, string>();
  const typed = new Set<string>();
  const nexts = [...tags.open, ...tags.end];
  for (;;) {
    yield* cursor.spaces();
    if (yield* cursor.oneOf(tags.end)) return { values, typed };
    if (!(yield* cursor.oneOf(tags.open))) return undefined;
    const tag = yield* attributes(cursor);
    if (!tag?.name) return undefined;
    const value = yield* valueUntil(cursor, tags.close, nexts, tags.end);
    if (value === undefined) return undefined;
    values.set(tag.name, value);
    if (/\sstring\s{0,2}=\s{0,2}["']false/.test(tag.rest)) typed.add(tag.name);
  }
}
