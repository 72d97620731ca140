import type { JsonPredicate } from '@vigiles/contract';
import { parseJsonPath, selectJson, type JsonPath } from './json-path.ts';
import { askJson, type JsonComparison } from './json-predicate.ts';

/** What has to hold at one place of a document; its path and pattern were read once. */
export interface Expectation {
  predicate: JsonPredicate;
  path: JsonPath;
  matches: ((text: string) => boolean) | null;
}

export interface Finding {
  holds: boolean;
  path: string;
  /** What stands there, for people: short and on one line. Hostile. */
  value: string | number | boolean | null;
  /** Why it does not hold. */
  reason: string;
}

const longestValue = 200;
/** Comparisons that need nothing to compare with. */
const alone = new Set<JsonPredicate['is']>(['exists', 'absent', 'past', 'future']);

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

/** Prepares what is expected. `compile` makes a matcher of an RE2 pattern. Throws a sentence when one cannot work. */
export function prepareExpectations(
  predicates: readonly JsonPredicate[],
  compile: (pattern: string) => (text: string) => boolean,
): Expectation[] {
  return predicates.map((predicate) => {
    const path = parseJsonPath(predicate.path);
    if (!path) throw new Error(`“${predicate.path}” is not a path into JSON`);
    if (!alone.has(predicate.is) && predicate.value === undefined)
      throw new Error(`${predicate.path}: ${predicate.is} needs a value`);
    return { predicate, path, matches: predicate.is === 'matches' ? compile(textOf(predicate.value)) : null };
  });
}

const words: Record<JsonPredicate['is'], string> = {
  equals: 'is not',
  not_equals: 'is',
  below: 'is not below',
  at_most: 'is more than',
  above: 'is not above',
  at_least: 'is less than',
  contains: 'does not contain',
  lacks: 'contains',
  matches: 'does not match',
  one_of: 'is none of',
  exists: 'is missing',
  absent: 'is there',
  past: 'is not in the past',
  future: 'is not in the future',
};

function shown(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  return textOf(value).replaceAll(/\s+/g, ' ').slice(0, longestValue);
}

const quoted = (value: string | number | boolean | null): string =>
  typeof value === 'string' ? `“${value}”` : String(value);

function holdsFor(node: unknown, { predicate, matches }: Expectation, now: number): boolean {
  const { is, value } = predicate;
  const ask = (comparison: JsonComparison) => askJson(node, { path: '$', is: comparison, value }, now).holds;
  switch (is) {
    case 'at_most':
      return ask('below') || (Number(node) === Number(value) && !Number.isNaN(Number(value)));
    case 'at_least':
      return ask('above') || (Number(node) === Number(value) && !Number.isNaN(Number(value)));
    case 'lacks':
      return !ask('contains');
    case 'matches':
      return matches !== null && matches(textOf(node));
    default:
      return ask(is);
  }
}

/** Looks at a document: everything the path leads to has to fulfil what is expected, and there has to be something. */
export function judgeExpectation(document: unknown, expected: Expectation, now: number): Finding {
  const { predicate, path } = expected;
  const nodes = selectJson(document, path);
  const where = predicate.path;
  if (nodes.length === 0) {
    const holds = predicate.is === 'absent';
    return { holds, path: where, value: null, reason: holds ? '' : `${where} is missing` };
  }
  const failing = nodes.findIndex((node) => !holdsFor(node, expected, now));
  if (failing < 0) return { holds: true, path: where, value: shown(nodes[0]), reason: '' };
  const value = shown(nodes[failing]);
  const wanted = alone.has(predicate.is) ? '' : ` ${quoted(shown(predicate.value))}`;
  const is = predicate.is === 'absent' ? '' : ` (it is ${quoted(value)})`;
  return { holds: false, path: where, value, reason: `${where} ${words[predicate.is]}${wanted}${is}` };
}
