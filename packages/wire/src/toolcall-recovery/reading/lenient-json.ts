const MAX_DEPTH = 128;

/** A value read from what is nearly JSON, and how near it was. */
export interface LenientValue {
  value: unknown;
  /** Brackets or a quote were missing at the end. */
  closed: boolean;
  /** Anything else was off: Python words, single quotes, trailing commas, raw line breaks. */
  lenient: boolean;
  /** Where the value ended. */
  end: number;
}

/**
 * Reads a value that is JSON, or JSON as Python prints it, or JSON whose last quote and brackets are missing.
 * Undefined when it is anything else: nothing is guessed in the middle.
 */
export function readLenient(text: string, at = 0, mayClose = true): LenientValue | undefined {
  const reader = new LenientReader(text, at, mayClose);
  const value = reader.value(0);
  if (value === FAILED) return undefined;
  return { value, closed: reader.closed, lenient: reader.lenient, end: reader.at };
}

/** The whole of `text`, strictly where it can be. */
export function parseLenient(text: string): LenientValue | undefined {
  try {
    return { value: JSON.parse(text), closed: false, lenient: false, end: text.length };
  } catch {
    const read = readLenient(text);
    return read && text.slice(read.end).trim() === '' ? read : undefined;
  }
}

const FAILED = Symbol('failed');
const WORDS: Record<string, unknown> = {
  true: true,
  false: false,
  null: null,
  True: true,
  False: false,
  None: null,
};
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

class LenientReader {
  readonly #text: string;
  readonly #mayClose: boolean;
  at: number;
  closed = false;
  lenient = false;
  #depth = 0;

  constructor(text: string, at: number, mayClose: boolean) {
    this.#text = text;
    this.at = at;
    this.#mayClose = mayClose;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) return FAILED;
    this.#depth = depth;
    this.#spaces();
    const mark = this.#text.charAt(this.at);
    if (mark === '{') return this.#object(depth);
    if (mark === '[') return this.#list(depth, ']');
    if (mark === '(') return this.#list(depth, ')');
    if (mark === '"' || mark === "'") return this.#string();
    return this.#word();
  }

  #object(depth: number): unknown {
    const entries: [string, unknown][] = [];
    this.at++;
    for (;;) {
      if (this.#ends('}')) return Object.fromEntries(entries);
      const mark = this.#text.charAt(this.at);
      if (mark !== '"' && mark !== "'") return FAILED;
      const key = this.#string();
      if (typeof key !== 'string' || this.closed) return FAILED;
      this.#spaces();
      if (this.#text.charAt(this.at) !== ':') return FAILED;
      this.at++;
      const value = this.value(depth + 1);
      if (value === FAILED) return FAILED;
      entries.push([key, value]);
      if (!this.#comma('}')) return FAILED;
    }
  }

  #list(depth: number, closer: ']' | ')'): unknown {
    const values: unknown[] = [];
    if (closer === ')') this.lenient = true;
    this.at++;
    for (;;) {
      if (this.#ends(closer)) return values;
      const value = this.value(depth + 1);
      if (value === FAILED) return FAILED;
      values.push(value);
      if (!this.#comma(closer)) return FAILED;
    }
  }

  /** At the closing bracket, or at the end of a text that lacks it. */
  #ends(closer: string): boolean {
    this.#spaces();
    if (this.at >= this.#text.length && this.#mayClose) {
      this.closed = true;
      return true;
    }
    if (this.#text.charAt(this.at) !== closer) return false;
    this.at++;
    return true;
  }

  #comma(closer: string): boolean {
    this.#spaces();
    if (this.#text.charAt(this.at) !== ',')
      return this.at >= this.#text.length ? this.#mayClose : this.#text.charAt(this.at) === closer;
    this.at++;
    this.#spaces();
    if (this.#text.charAt(this.at) === closer) this.lenient = true;
    return true;
  }

  #string(): unknown {
    const quote = this.#text.charAt(this.at++);
    if (quote === "'") this.lenient = true;
    let out = '';
    let from = this.at;
    for (; this.at < this.#text.length; this.at++) {
      const mark = this.#text.charAt(this.at);
      if (mark === quote) {
        out += this.#text.slice(from, this.at++);
        return out;
      }
      if (mark < ' ') this.lenient = true;
      if (mark !== '\\') continue;
      out += this.#text.slice(from, this.at);
      out += this.#escape();
      from = this.at + 1;
    }
    return this.#mayClose ? this.#closeString(out + this.#text.slice(from)) : FAILED;
  }

  /** The quote is missing: brackets at the very end that close exactly what is open were meant as brackets. */
  #closeString(rest: string): unknown {
    this.closed = true;
    let end = rest.length;
    let brackets = 0;
    while (end > 0 && '}] \n\t\r'.includes(rest.charAt(end - 1)))
      if ('}]'.includes(rest.charAt(--end))) brackets++;
    return brackets === this.#depth && brackets > 0 ? rest.slice(0, end) : rest;
  }

  /** Stands on the backslash; leaves `at` on the last character of the escape. */
  #escape(): string {
    const mark = this.#text.charAt(++this.at);
    if (mark !== 'u') {
      if (!'"\\/bfnrt'.includes(mark)) this.lenient = true;
      if (mark === '\n') return '';
      return ESCAPES[mark] ?? ('"\\/\''.includes(mark) ? mark : `\\${mark}`);
    }
    const digits = this.#text.slice(this.at + 1, this.at + 5);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) return '\\u';
    this.at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #word(): unknown {
    const before = this.at;
    while (/[\w.+-]/.test(this.#text.charAt(this.at))) this.at++;
    const word = this.#text.slice(before, this.at);
    if (word in WORDS) {
      if (word > 'A' && word < 'a') this.lenient = true;
      return WORDS[word];
    }
    return /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(word) ? Number(word) : FAILED;
  }

  #spaces(): void {
    while (' \n\t\r'.includes(this.#text.charAt(this.at) || 'x')) this.at++;
  }
}
