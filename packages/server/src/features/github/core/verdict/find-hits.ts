import type { RE2JS } from 're2js';
import type { LogLine } from './clean-line.ts';
import { peeled } from './peel.ts';
import { isOutside, type CompiledRule } from './rule.ts';
import type { WordIndex } from './word-index.ts';

/** A rule that holds for a line. */
export interface Hit {
  rule: CompiledRule;
  line: LogLine;
  /** Place of the line in what was searched. */
  index: number;
  /** What the first group of the pattern holds; empty without one. */
  group: string;
}

export interface RuleSet {
  rules: readonly CompiledRule[];
  index: WordIndex;
}

/** A rule is tried on that many lines at the beginning and as many at the end: causes stand in one of both. */
const triesAtEachEnd = 120;

/** All rules that hold for lines of a log. Each line is read once for words; patterns are tried where a word was found only. */
export function findHits(lines: readonly LogLine[], { rules, index }: RuleSet): Hit[] {
  const places: number[][] = rules.map(() => []);
  lines.forEach(({ text }, at) =>
    index.scan(text, (owner) => {
      const known = places[owner];
      if (known && known.at(-1) !== at) known.push(at);
    }),
  );
  return places.flatMap((found, owner) => {
    const rule = rules[owner];
    return rule ? ends(found).flatMap((at) => hitAt(lines, at, rule)) : [];
  });
}

const ends = (places: readonly number[]): readonly number[] =>
  places.length <= triesAtEachEnd * 2
    ? places
    : [...places.slice(0, triesAtEachEnd), ...places.slice(-triesAtEachEnd)];

/** A connection to the machine itself is never the fault of a network. */
const loopback =
  /\b(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|0\.0\.0\.0|host\.docker\.internal)\b|\[?::1\]?[:/]/;

function hitAt(lines: readonly LogLine[], at: number, rule: CompiledRule): Hit[] {
  const line = lines[at];
  if (!line || (rule.marker && line.marker !== rule.marker)) return [];
  if (rule.not?.test(line.text) || (isOutside(rule) && loopback.test(line.text))) return [];
  let group: string | null = null;
  for (const form of peeled(line.text)) group ??= matchOf(rule, form);
  if (group === null) return [];
  if (rule.near && !someNear(lines, at, rule.near)) return [];
  if (rule.unless && someNear(lines, at, rule.unless)) return [];
  return [{ rule, line, index: at, group }];
}

function matchOf({ matcher }: CompiledRule, text: string): string | null {
  const found = matcher.matcher(text);
  if (!found.find()) return null;
  return found.groupCount() > 0 ? (found.group(1) ?? '') : '';
}

function someNear(
  lines: readonly LogLine[],
  at: number,
  { matcher, within }: { matcher: RE2JS; within: number },
): boolean {
  return lines.slice(Math.max(0, at - within), at + within + 1).some(({ text }) => matcher.test(text));
}
