import { RE2JS } from 're2js';
import { parseJsonPath, selectJson } from './json-path.ts';

/** How what stands at a path is compared. */
export const jsonComparisons = [
  'exists',
  'absent',
  'equals',
  'not_equals',
  'one_of',
  'above',
  'below',
  'contains',
  'matches',
  'past',
  'future',
] as const;
export type JsonComparison = (typeof jsonComparisons)[number];

/** A question to a JSON document. `value` is left out for exists, absent, past and future. */
export interface JsonPredicate {
  path: string;
  is: JsonComparison;
  value?: unknown;
}

export interface JsonAnswer {
  holds: boolean;
  /** What stands at the path, at most ten. Hostile. */
  found: readonly unknown[];
}

const shown = 10;

/**
 * Moments as files write them: seconds or milliseconds since 1970 as number or digits, or ISO 8601. UTC milliseconds;
 * null when it is none.
 */
export function momentOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{9,17}(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number === 'number') {
    if (!Number.isFinite(number) || number < 1e8) return null;
    // Seconds until the year 5138; above that no clock counts seconds.
    return number < 1e11 ? number * 1000 : number;
  }
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value)) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : at;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Equal as JSON: lists and objects by content. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every(
      (name) =>
        Object.hasOwn(b, name) &&
        same((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]),
    )
  );
}

function numeric(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
    ? Number(value)
    : null;
}

function compare(node: unknown, { is, value }: JsonPredicate, now: number): boolean {
  switch (is) {
    case 'exists':
    case 'absent':
      return true;
    case 'equals':
    case 'not_equals':
      return same(node, value);
    case 'one_of':
      return Array.isArray(value) && value.some((one) => same(node, one));
    case 'above':
    case 'below': {
      const [left, right] = [numeric(node), numeric(value)];
      if (left === null || right === null) return false;
      return is === 'above' ? left > right : left < right;
    }
    case 'contains':
      return Array.isArray(node)
        ? node.some((one) => same(one, value))
        : typeof node === 'string' && node.includes(textOf(value));
    case 'matches':
      return typeof node === 'string' && RE2JS.compile(textOf(value)).test(node.slice(0, 65_536));
    case 'past':
    case 'future': {
      const moment = momentOf(node);
      return moment !== null && (is === 'past' ? moment < now : moment > now);
    }
  }
}

/** What is wrong with a predicate, for its author; null when it can be asked. */
export function jsonPredicateProblem({ path, is, value }: JsonPredicate): string | null {
  if (parseJsonPath(path) === null) return `“${path}” is not a path such as $.a.b[0], a.*.b or $..name`;
  const alone = is === 'exists' || is === 'absent' || is === 'past' || is === 'future';
  if (alone !== (value === undefined)) return alone ? `${is} takes no value` : `${is} needs a value`;
  if ((is === 'above' || is === 'below') && numeric(value) === null) return `${is} needs a number`;
  if (is === 'one_of' && !Array.isArray(value)) return 'one_of needs a list';
  if (is !== 'matches') return null;
  try {
    RE2JS.compile(textOf(value));
    return null;
  } catch (thrown) {
    return `not an RE2 regex: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}

/**
 * Asks a JSON document. It holds when anything at the path compares so; `absent` and `not_equals` hold when nothing does.
 * @param now UTC ms, for past and future
 */
export function askJson(document: unknown, predicate: JsonPredicate, now: number): JsonAnswer {
  const nodes = selectJson(document, parseJsonPath(predicate.path) ?? []);
  const any = nodes.some((node) => compare(node, predicate, now));
  const holds = predicate.is === 'absent' || predicate.is === 'not_equals' ? !any : any;
  return { holds, found: nodes.slice(0, shown) };
}
