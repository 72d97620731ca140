import { fault, raise } from '../../../../kernel/fault.ts';
import { findLiterals } from './find-literals.ts';
import { createLineView, type LineFormat, type LineView } from './line-view.ts';
import { buildLiteralAutomaton, type AutomatonLiteral } from './literal-automaton.ts';
import { compileRegex, problemOf, type LogPattern } from './pattern.ts';
import { requiredLiterals } from './required-literals.ts';
import { safeRun } from './safe-run.ts';

/** A pattern found in a line. The view is valid only until the call returns. */
export interface LineMatch {
  pattern: LogPattern;
  /** Where the line begins in the scanned bytes. */
  start: number;
  line: LineView;
}

export interface MatcherOptions {
  /** Names of the source that is scanned (`service:api`, `file:/var/log/api.log`): patterns for others are left out. */
  source?: string | readonly string[];
  /** `auto`: a line that begins with `{` is read as JSON. Default. */
  format?: LineFormat;
}

/** Many patterns as one: bytes are passed over once, and only lines that hold a literal are looked at. */
export interface Matcher {
  /** The patterns that can match here. */
  patterns: readonly LogPattern[];
  /** Ids of regexes without any literal to look for first: they are tried on every line. */
  unfiltered: readonly string[];
  /** Scans whole lines. Each pattern is found at most once in a line, in the order of lines. */
  scan(lines: Buffer, found: (match: LineMatch) => void): void;
  /** The patterns found in one line. */
  match(line: string): LogPattern[];
  /** What was done so far: bytes passed over, characters given to regexes, lines looked at more closely. */
  work(): { bytes: number; regexCharacters: number; lines: number };
}

interface Entry {
  pattern: LogPattern;
  /** Whether a line that holds its literal is a match. */
  decides: (line: LineView) => boolean;
}

const inMessageOrLine = (line: LineView, holds: (text: string) => boolean): boolean => {
  const text = line.text();
  if (holds(text)) return true;
  const message = line.message();
  return message !== text && holds(message);
};

/**
 * Compiles patterns for one source. Linear in the input whatever it is: literals by an automaton, regexes by RE2.
 * Throws a FaultError that names the pattern which cannot be used.
 */
export function createMatcher(patterns: readonly LogPattern[], options: MatcherOptions = {}): Matcher {
  const { source, format = 'auto' } = options;
  const names = source === undefined ? null : [source].flat();
  const wanted = patterns.filter(
    ({ sources = [], field }) =>
      (sources.length === 0 || !names || sources.some((wild) => names.some((name) => fits(name, wild)))) &&
      (field === undefined || format !== 'text'),
  );
  const entries: Entry[] = [];
  const literals: AutomatonLiteral[] = [];
  /** By literal: the entry it belongs to. */
  const entryOf: number[] = [];
  const unfiltered: number[] = [];
  let regexCharacters = 0;

  for (const pattern of wanted) {
    const problem = problemOf(pattern);
    if (problem !== null)
      raise(fault('invalid', 'bad_pattern', `${pattern.id}: ${problem}`, { details: { id: pattern.id } }));
    const holds = holder(pattern, (characters) => (regexCharacters += characters));
    const { levels, field, ignoreCase = false } = pattern;
    const index = entries.length;
    const inText = field === undefined ? (line: LineView) => inMessageOrLine(line, holds) : null;
    const inField = (line: LineView) => {
      const value = line.field(field ?? '');
      return value !== null && holds(value);
    };
    const look = inText ?? inField;
    entries.push({
      pattern,
      decides(line) {
        if (levels) {
          const level = line.level();
          if (level === null || !levels.includes(level)) return false;
        }
        return look(line);
      },
    });
    const need =
      pattern.kind === 'literal'
        ? { literals: [pattern.pattern], ignoreCase }
        : requiredLiterals(pattern.pattern);
    const runs = need?.literals.map((literal) => (format === 'text' ? literal : safeRun(literal)));
    if (!need || !runs || runs.includes('')) {
      unfiltered.push(index);
      continue;
    }
    for (const run of new Set(runs)) {
      literals.push({ bytes: Buffer.from(run).subarray(0, 1024), ignoreCase: ignoreCase || need.ignoreCase });
      entryOf.push(index);
    }
  }

  const automaton = buildLiteralAutomaton(literals);
  /** By entry: the last line it was looked for in. */
  const lastLine = new Uint32Array(entries.length);
  let lineNumber = 0;
  let bytes = 0;
  let lines = 0;

  function scan(block: Buffer, found: (match: LineMatch) => void): void {
    const length = block.length;
    bytes += length;
    let lineStart = -1;
    let lineEnd = -1;
    let view: LineView | null = null;
    const enter = (start: number, end: number): void => {
      lineStart = start;
      lineEnd = end;
      view = null;
      lines += 1;
      if ((lineNumber += 1) > 0xffff_fff0) {
        lineNumber = 1;
        lastLine.fill(0);
      }
    };
    const consider = (index: number): void => {
      if (lastLine[index] === lineNumber) return;
      lastLine[index] = lineNumber;
      const entry = entries[index];
      if (!entry) return;
      view ??= createLineView(block, lineStart, lineEnd, format);
      if (entry.decides(view)) found({ pattern: entry.pattern, start: lineStart, line: view });
    };
    const endOf = (start: number): number => {
      const end = block.indexOf(10, start);
      return end < 0 ? length : end;
    };

    const ends = literals.length > 0 ? findLiterals(automaton, block) : [];
    let next = 0;
    /** Looks at what ends a literal before `until`. */
    const lookAtEnds = (until: number): void => {
      for (; next < ends.length && (ends[next] as number) < until; next += 2) {
        const at = ends[next] as number;
        if (at >= lineEnd) enter(at === 0 ? 0 : block.lastIndexOf(10, at - 1) + 1, endOf(at));
        for (const literal of automaton.endsIn(ends[next + 1] as number)) consider(entryOf[literal] ?? -1);
      }
    };
    if (unfiltered.length === 0) return lookAtEnds(length);
    for (let start = 0; start < length; start = lineEnd + 1) {
      enter(start, endOf(start));
      lookAtEnds(lineEnd);
      for (const index of unfiltered) consider(index);
    }
  }

  return {
    patterns: wanted,
    unfiltered: unfiltered.map((index) => entries[index]?.pattern.id ?? ''),
    scan,
    match(line) {
      const found: LogPattern[] = [];
      scan(Buffer.from(line.replaceAll('\n', ' ')), ({ pattern }) => found.push(pattern));
      return found;
    },
    work: () => ({ bytes, regexCharacters, lines }),
  };
}

/** Whether a text holds the pattern. */
function holder(pattern: LogPattern, counted: (characters: number) => void): (text: string) => boolean {
  if (pattern.kind === 'regex') {
    const regex = compileRegex(pattern);
    return (text) => {
      counted(text.length);
      return regex.test(text);
    };
  }
  if (!pattern.ignoreCase) return (text) => text.includes(pattern.pattern);
  const wanted = lowerAscii(pattern.pattern);
  return (text) => lowerAscii(text).includes(wanted);
}

const lowerAscii = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** Whether a name fits a text in which `*` stands for anything. Without backtracking over stars. */
export function fits(name: string, wild: string): boolean {
  const [first = '', ...rest] = wild.split('*');
  const last = rest.pop();
  if (last === undefined) return name === wild;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at + last.length <= name.length;
}
