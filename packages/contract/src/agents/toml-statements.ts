/** One statement of a TOML file with its place in the text. Nothing is rewritten, so only the outline is read. */
export interface TomlStatement {
  kind: 'table' | 'array-table' | 'pair';
  /** Key path as written; for a pair without its table. */
  key: string[];
  /** The table it stands in; empty at the root. */
  table: string[];
  /** Line it starts on, from 1. */
  line: number;
  /** Start of its first line, and the end of its last line with the line break. */
  start: number;
  end: number;
  /** Where a pair's value stands, without comment and space. */
  valueStart: number;
  valueEnd: number;
}

/** The file cannot be understood; nothing may be written to it. */
export class TomlOutlineError extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.name = 'TomlOutlineError';
    this.line = line;
  }
}

/** Walks the text once; every method moves forward. TOML 1.0: https://toml.io/en/v1.0.0 */
class Walker {
  at = 0;
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  line(offset = this.at): number {
    let count = 1;
    for (let i = this.text.indexOf('\n'); i >= 0 && i < offset; i = this.text.indexOf('\n', i + 1))
      count += 1;
    return count;
  }
  fail(message: string): never {
    throw new TomlOutlineError(message, this.line());
  }
  has(part: string): boolean {
    return this.text.startsWith(part, this.at);
  }
  get done(): boolean {
    return this.at >= this.text.length;
  }
  spaces(): void {
    while (this.has(' ') || this.has('\t')) this.at += 1;
  }
  /** To the start of the next line; a comment may stand before it and nothing else. */
  endOfLine(): void {
    this.spaces();
    if (this.has('#')) while (!this.done && !this.has('\n')) this.at += 1;
    if (this.has('\r\n')) this.at += 2;
    else if (this.has('\n')) this.at += 1;
    else if (!this.done) this.fail('there is something after the value');
  }
  /** Spaces, comments and line breaks inside an array. */
  filler(): void {
    for (;;) {
      this.spaces();
      if (this.has('#') || this.has('\n') || this.has('\r\n')) this.endOfLine();
      else return;
    }
  }
  string(): string {
    const quote = this.text[this.at] ?? '';
    const long = this.has(quote.repeat(3));
    const mark = long ? quote.repeat(3) : quote;
    const start = (this.at += mark.length);
    // A simple string ends on its line; in a long one only the end of the file is too early.
    const forbidden = long ? '\u0000' : '\n';
    while (!this.has(mark)) {
      if (this.done || this.has(forbidden)) this.fail('a string is not closed');
      this.at += quote === '"' && this.has('\\') ? 2 : 1;
    }
    // Up to two quotes may stand right before the closing three.
    if (long) while (this.text.startsWith(mark, this.at + 1)) this.at += 1;
    const inner = this.text.slice(start, this.at);
    this.at += mark.length;
    return inner;
  }
  key(): string[] {
    const parts: string[] = [];
    for (;;) {
      this.spaces();
      if (this.has('"') || this.has("'")) parts.push(this.string());
      else {
        const bare = /[A-Za-z0-9_-]+/y;
        bare.lastIndex = this.at;
        const found = bare.exec(this.text)?.[0] ?? this.fail('a key is missing or not valid');
        this.at += found.length;
        parts.push(found);
      }
      this.spaces();
      if (!this.has('.')) return parts;
      this.at += 1;
    }
  }
  value(): void {
    if (this.has('"') || this.has("'")) this.string();
    else if (this.has('[')) this.list(']', () => this.value());
    else if (this.has('{')) {
      this.list('}', () => {
        this.key();
        this.equals();
        this.value();
      });
    } else {
      const plain = /[^\s,#\]}]+(?: \d{2}:[^\s,#\]}]+)?/y;
      plain.lastIndex = this.at;
      const found = plain.exec(this.text)?.[0] ?? this.fail('a value is missing');
      this.at += found.length;
    }
  }
  equals(): void {
    this.spaces();
    if (!this.has('=')) this.fail('there is no = after the key');
    this.at += 1;
    this.spaces();
  }
  list(close: string, entry: () => void): void {
    this.at += 1;
    this.filler();
    while (!this.has(close)) {
      if (this.done) this.fail(`${close} is missing`);
      entry();
      this.filler();
      if (this.has(',')) {
        this.at += 1;
        this.filler();
      } else if (!this.has(close)) this.fail(`a comma or ${close} is missing`);
    }
    this.at += 1;
  }
}

/** The statements of a TOML text in order. Throws a TomlOutlineError for what is not TOML. */
export function readStatements(text: string): TomlStatement[] {
  const walker = new Walker(text);
  const statements: TomlStatement[] = [];
  let table: string[] = [];
  if (walker.has('\uFEFF')) walker.at += 1;
  while (!walker.done) {
    const start = walker.at;
    const line = walker.line();
    walker.spaces();
    if (walker.done || walker.has('#') || walker.has('\n') || walker.has('\r\n')) {
      walker.endOfLine();
      continue;
    }
    if (walker.has('[')) {
      const array = walker.has('[[');
      walker.at += array ? 2 : 1;
      const key = walker.key();
      if (!walker.has(array ? ']]' : ']')) walker.fail('a table header is not closed');
      walker.at += array ? 2 : 1;
      walker.endOfLine();
      table = key;
      const kind = array ? 'array-table' : 'table';
      statements.push({ kind, key, table: key, line, start, end: walker.at, valueStart: 0, valueEnd: 0 });
      continue;
    }
    const key = walker.key();
    walker.equals();
    const valueStart = walker.at;
    walker.value();
    const valueEnd = walker.at;
    walker.endOfLine();
    statements.push({ kind: 'pair', key, table, line, start, end: walker.at, valueStart, valueEnd });
  }
  return statements;
}
