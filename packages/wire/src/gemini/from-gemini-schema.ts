import type { JsonSchema } from '../canonical/index.ts';
import { asRecord } from '../json/read.ts';

/** Below these a schema holds other schemas. */
const NESTED: ReadonlySet<string> = new Set(['items']);
const LISTED: ReadonlySet<string> = new Set(['anyOf']);
const NAMED: ReadonlySet<string> = new Set(['properties']);
/** Limits that protobuf writes as text because they are 64 bits wide. */
const LIMITS: ReadonlySet<string> = new Set([
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
]);

const MAX_DEPTH = 64;

/** A schema in Gemini's OpenAPI dialect (`type: STRING`, `nullable`) as JSON Schema. */
export function fromGeminiSchema(schema: Record<string, unknown>, depth = 0): JsonSchema {
  const plain: JsonSchema = {};
  if (depth > MAX_DEPTH) return plain;
  const inner = (value: unknown): unknown => {
    const record = asRecord(value);
    return record ? fromGeminiSchema(record, depth + 1) : value;
  };
  for (const [key, value] of Object.entries(schema)) {
    if (value === null || key === 'nullable' || key === 'propertyOrdering' || key === '__proto__') continue;
    if (key === 'type' && typeof value === 'string') plain.type = value.toLowerCase();
    else if (key === 'example') plain.examples = [value];
    else if (LIMITS.has(key) && typeof value === 'string') plain[key] = Number(value);
    else if (NESTED.has(key)) plain[key] = inner(value);
    else if (LISTED.has(key) && Array.isArray(value)) plain[key] = value.map(inner);
    else if (NAMED.has(key)) {
      const named = asRecord(value) ?? {};
      plain[key] = Object.fromEntries(Object.entries(named).map(([name, one]) => [name, inner(one)]));
    } else plain[key] = value;
  }
  return schema.nullable === true ? orNull(plain) : plain;
}

function orNull(schema: JsonSchema): JsonSchema {
  if (typeof schema.type === 'string') {
    const nullable: JsonSchema = { ...schema, type: [schema.type, 'null'] };
    if (Array.isArray(schema.enum)) nullable.enum = [...schema.enum, null];
    return nullable;
  }
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  return schema;
}
