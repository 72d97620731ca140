import { asRecord } from '../json/read.ts';

/** Below these stand the user's own names, which are left alone. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  'args',
  'response',
  'parameters',
  'parametersJsonSchema',
  'responseSchema',
  'responseJsonSchema',
  'labels',
]);

/** Nothing in a request is nested deeper; what is, is refused by the schema or not Gemini's. */
const MAX_DEPTH = 12;

/**
 * Gemini takes its field names in camel case and, as protobuf's JSON does, in snake case (`system_instruction`). The
 * same value with camel case throughout; where both spellings are there, camel case wins.
 */
export function camelNames(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((entry) => camelNames(entry, depth + 1));
  const record = asRecord(value);
  if (!record) return value;
  const named: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(record)) {
    const camel = name.includes('_')
      ? name.replace(/(?<=[a-z])_([a-z])/g, (_, letter: string) => letter.toUpperCase())
      : name;
    if (camel !== name && record[camel] !== undefined) continue;
    // Not by assignment: `__proto__` is a name like any other.
    Object.defineProperty(named, camel, {
      value: OWN_NAMES.has(camel) ? field : camelNames(field, depth + 1),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return named;
}
