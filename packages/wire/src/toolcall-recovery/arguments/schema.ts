import type { JsonSchema } from '../../canonical/index.ts';
import { asRecord } from '../../json/read.ts';

export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object' | 'null';

/** The properties a schema names. */
export function propertiesOf(schema: JsonSchema): Record<string, unknown> {
  return asRecord(schema['properties']) ?? {};
}

/** The names a schema requires. */
export function requiredOf(schema: JsonSchema): string[] {
  const { required } = schema;
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}

/** Whether the tool takes properties it does not name: then a strange name is no slip. */
export function takesAny(schema: JsonSchema): boolean {
  const more = schema['additionalProperties'];
  return (more !== undefined && more !== false) || Object.keys(propertiesOf(schema)).length === 0;
}

/** The types a schema allows; undefined when it cannot be told (references, no type, combinations). */
export function typesOf(schema: unknown): JsonType[] | undefined {
  const record = asRecord(schema);
  if (!record || '$ref' in record || 'allOf' in record) return undefined;
  const choices = record['anyOf'] ?? record['oneOf'];
  if (Array.isArray(choices)) {
    const types = choices.map(typesOf);
    return types.every((each) => each !== undefined) ? types.flat() : undefined;
  }
  const { type } = record;
  if (typeof type === 'string') return [type as JsonType];
  return Array.isArray(type) ? (type as JsonType[]) : undefined;
}

/** Whether a value is of one of these types. */
export function isOfType(value: unknown, types: readonly JsonType[]): boolean {
  return types.some((type) => {
    if (type === 'array') return Array.isArray(value);
    if (type === 'null') return value === null;
    if (type === 'integer') return Number.isInteger(value);
    if (type === 'object') return asRecord(value) !== undefined;
    return typeof value === type;
  });
}
