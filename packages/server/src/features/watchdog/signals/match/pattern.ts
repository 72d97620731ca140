import { RE2JS } from 're2js';

/** Severity of a log line, lowest first. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What is looked for in log lines. `literal` and `regex` are chosen by whoever writes it, never guessed. */
export interface LogPattern {
  /** Unique among the patterns of one matcher; comes back with each match. */
  id: string;
  kind: 'literal' | 'regex';
  /** A literal stands for itself, brackets too. A regex is RE2: no lookaround, no back-references, linear time. */
  pattern: string;
  /** Of ASCII letters. */
  ignoreCase?: boolean;
  /** Names of the sources it is looked for in, `*` for any text; all when absent or empty. */
  sources?: readonly string[];
  /** Only in lines of these levels; a line without a level has none of them. */
  levels?: readonly LogLevel[];
  /** Only in this field of a JSON line, with dots between names (`err.code`). Absent: in the line or its message. */
  field?: string;
}

const longestLiteral = 1024;
const longestRegex = 1000;
/** A program larger than this costs more per character than a log may cost. */
const largestProgram = 5000;

export function compileRegex({ pattern, ignoreCase = false }: LogPattern): RE2JS {
  return RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
}

/** What is wrong with a pattern, in words for its author; null when it can be used. */
export function problemOf(pattern: LogPattern): string | null {
  const { kind, pattern: text } = pattern;
  if (text === '') return 'the pattern is empty';
  if (kind === 'literal') {
    if (/[\r\n]/.test(text)) return 'a literal stands in one line: it cannot hold a line break';
    if (Buffer.byteLength(text) > longestLiteral) return `the literal is longer than ${longestLiteral} bytes`;
    return null;
  }
  if (text.length > longestRegex) return `the regex is longer than ${longestRegex} characters`;
  try {
    const compiled = compileRegex(pattern);
    if (compiled.programSize() > largestProgram) return 'the regex repeats too much: it is too costly';
    if (compiled.test('')) return 'the regex matches the empty line, and so every line';
    return null;
  } catch (thrown) {
    return `not an RE2 regex: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}
