/** A parser that pauses (yields) while the text it needs has not arrived. */
export type Reading<T> = Generator<undefined, T, undefined>;

const SPACE = 32;

/**
 * A place in a text that is still growing. Every reader sees only "the next characters" or "there are no more", so
 * what it finds cannot depend on how the text was cut into chunks. Nothing at or past `limit` is ever looked at.
 */
export class Cursor {
  text = '';
  at: number;
  readonly start: number;
  readonly limit: number;
  /** No more text will come. */
  closed = false;
  /** The limit was hit: whatever was found is not to be trusted. */
  overflowed = false;
  /** The furthest place looked at. */
  furthest: number;

  constructor(start: number, limit: number) {
    this.start = this.at = this.furthest = start;
    this.limit = limit;
  }

  /** Whether `count` characters can be read from here; waits for them. */
  *more(count = 1): Reading<boolean> {
    const wanted = this.at + count;
    for (;;) {
      if (wanted <= Math.min(this.text.length, this.limit)) return true;
      if (this.text.length >= this.limit) {
        this.overflowed = true;
        return false;
      }
      if (this.closed) return false;
      yield;
    }
  }

  /** The next character without taking it; empty at the end. */
  *peek(): Reading<string> {
    return (yield* this.more()) ? this.text.charAt(this.at) : '';
  }

  /** Takes `wanted` if it stands here; otherwise stays. Fails at the first letter that differs, without waiting. */
  *literal(wanted: string): Reading<boolean> {
    const end = this.at + wanted.length;
    if (end <= this.text.length && end <= this.limit) {
      if (!this.text.startsWith(wanted, this.at)) return false;
      this.take(wanted.length);
      return true;
    }
    for (let have = 0; have < wanted.length; have++) {
      if (!(yield* this.more(have + 1))) return false;
      if (this.text.charCodeAt(this.at + have) !== wanted.charCodeAt(have)) return false;
    }
    this.take(wanted.length);
    return true;
  }

  /** Takes the first of `wanted` that stands here; empty when none does. */
  *oneOf(wanted: readonly string[]): Reading<string> {
    for (const each of wanted) if (yield* this.literal(each)) return each;
    return '';
  }

  /** Takes white space; true when there was some. */
  *spaces(): Reading<boolean> {
    const before = this.at;
    while ((yield* this.more()) && isSpace(this.text.charCodeAt(this.at))) this.take(1);
    return this.at > before;
  }

  /** Takes letters, digits and what stands inside tool names, at most `max`. */
  *word(max = 160): Reading<string> {
    const before = this.at;
    while (this.at - before < max && (yield* this.more()) && isWord(this.text.charCodeAt(this.at)))
      this.take(1);
    return this.text.slice(before, this.at);
  }

  /**
   * Takes everything up to and with the first of `closers`, which all begin with the same character; undefined when
   * none comes. The cost is the distance travelled.
   */
  *until(closers: readonly string[], max = Number.POSITIVE_INFINITY): Reading<Until | undefined> {
    const before = this.at;
    const lead = closers[0]?.charAt(0) ?? '';
    for (;;) {
      const found = this.text.indexOf(lead, this.at);
      const end = Math.min(this.text.length, this.limit);
      this.take((found === -1 || found > end ? end : found) - this.at);
      if (this.at - before > max) return undefined;
      if (!(yield* this.more())) return undefined;
      if (this.text.charAt(this.at) !== lead) continue;
      const bodyEnd = this.at;
      const closer = yield* this.oneOf(closers);
      if (closer) return { body: this.text.slice(before, bodyEnd), closer };
      this.take(1);
    }
  }

  /** Back to an earlier place. */
  back(at: number): void {
    this.at = at;
  }

  take(count: number): void {
    this.at += count;
    if (this.at > this.furthest) this.furthest = this.at;
  }
}

export interface Until {
  body: string;
  closer: string;
}

export function isSpace(code: number): boolean {
  return code === SPACE || (code >= 9 && code <= 13);
}

/** `a-z A-Z 0-9 _ - . : /` */
export function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 45 && code <= 58) || code === 95
  );
}

/** Runs a reader over a text that is complete. */
export function readWhole<T>(text: string, read: (cursor: Cursor) => Reading<T>): T {
  const cursor = new Cursor(0, text.length + 1);
  cursor.text = text;
  cursor.closed = true;
  const step = read(cursor).next();
  if (!step.done) throw new Error('a reader waits for text that cannot come');
  return step.value;
}
