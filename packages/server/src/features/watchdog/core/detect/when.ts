/** A condition over signals. `column` counts from 1 within the expression. */
export type When =
  | { op: 'signal'; name: string; column: number }
  | { op: 'not'; of: When }
  | { op: 'and' | 'or'; of: When[] };

export type ParsedWhen = { ok: true; when: When } | { ok: false; column: number; message: string };

/** Deeper nesting is refused: nobody could read it, and the parser's stack stays small. */
const MAX_DEPTH = 20;

interface Token {
  text: string;
  column: number;
}

class Refused {
  readonly column: number;
  readonly message: string;
  constructor(column: number, message: string) {
    this.column = column;
    this.message = message;
  }
}

/** Reads `a and (b or not c)`. `not` binds closest, then `and`, then `or`. Nothing else is understood: it is no code. */
export function parseWhen(text: string): ParsedWhen {
  try {
    const tokens = tokensOf(text);
    const parser = { tokens, at: 0, end: text.length + 1 };
    const when = either(parser, 0);
    const rest = tokens[parser.at];
    if (rest) throw new Refused(rest.column, `\`${rest.text}\` is not expected here`);
    return { ok: true, when };
  } catch (thrown) {
    if (thrown instanceof Refused) return { ok: false, column: thrown.column, message: thrown.message };
    throw thrown;
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s+|[()]|[A-Za-z_][A-Za-z0-9_]*/y;
  while (pattern.lastIndex < text.length) {
    const column = pattern.lastIndex + 1;
    const found = pattern.exec(text)?.[0];
    if (found === undefined)
      throw new Refused(
        column,
        `\`${text[column - 1]}\` means nothing here: only signals, and, or, not, ( )`,
      );
    if (found.trim() !== '') tokens.push({ text: found, column });
  }
  return tokens;
}

interface Parser {
  tokens: readonly Token[];
  at: number;
  end: number;
}

function chain(parser: Parser, word: 'and' | 'or', next: () => When): When {
  const of = [next()];
  while (parser.tokens[parser.at]?.text === word) {
    parser.at += 1;
    of.push(next());
  }
  const [only] = of;
  return of.length === 1 && only ? only : { op: word, of };
}

const either = (parser: Parser, depth: number): When =>
  chain(parser, 'or', () => chain(parser, 'and', () => one(parser, depth)));

function one(parser: Parser, depth: number): When {
  const token = parser.tokens[parser.at];
  if (!token) throw new Refused(parser.end, 'a signal is missing at the end');
  if (depth > MAX_DEPTH) throw new Refused(token.column, `nested deeper than ${MAX_DEPTH}`);
  parser.at += 1;
  if (token.text === 'not') return { op: 'not', of: one(parser, depth + 1) };
  if (token.text === '(') {
    const inner = either(parser, depth + 1);
    const close = parser.tokens[parser.at];
    if (close?.text !== ')')
      throw new Refused(close?.column ?? parser.end, `the ( at column ${token.column} is never closed`);
    parser.at += 1;
    return inner;
  }
  if (token.text === ')' || token.text === 'and' || token.text === 'or')
    throw new Refused(token.column, `a signal is missing before \`${token.text}\``);
  return { op: 'signal', name: token.text, column: token.column };
}

/** Whether it holds, given which signals are true. */
export function holds(when: When, isTrue: (signal: string) => boolean): boolean {
  switch (when.op) {
    case 'signal':
      return isTrue(when.name);
    case 'not':
      return !holds(when.of, isTrue);
    case 'and':
      return when.of.every((part) => holds(part, isTrue));
    case 'or':
      return when.of.some((part) => holds(part, isTrue));
  }
}

/** Every mention of a signal, in order. */
export function mentions(when: When): { name: string; column: number }[] {
  if (when.op === 'signal') return [{ name: when.name, column: when.column }];
  return when.op === 'not' ? mentions(when.of) : when.of.flatMap(mentions);
}

/**
 * Whether any combination of these signals makes it true. The others are taken as never seen.
 * Costs 2^n: keep n to what `MAX_SIGNALS` allows.
 */
export function canHold(when: When, possible: readonly string[]): boolean {
  const names = [...new Set(mentions(when).map(({ name }) => name))].filter((name) =>
    possible.includes(name),
  );
  for (let mask = 0; mask < 2 ** names.length; mask += 1) {
    if (holds(when, (name) => names.includes(name) && ((mask >> names.indexOf(name)) & 1) === 1)) return true;
  }
  return false;
}

/** Most different signals one `when` may name. */
export const MAX_SIGNALS = 12;

/** What keeps it from being true, in words; empty where it holds. */
export function lacking(when: When, isTrue: (signal: string) => boolean): string[] {
  if (holds(when, isTrue)) return [];
  switch (when.op) {
    case 'signal':
      return [`\`${when.name}\` is not seen`];
    case 'not':
      return [`${spoken(when.of)} must not be seen`];
    case 'and':
      return when.of.flatMap((part) => lacking(part, isTrue));
    case 'or':
      return [`none of ${when.of.map(spoken).join(', ')} is seen`];
  }
}

function spoken(when: When): string {
  if (when.op === 'signal') return `\`${when.name}\``;
  if (when.op === 'not') return `not ${spoken(when.of)}`;
  return `(${when.of.map(spoken).join(` ${when.op} `)})`;
}
