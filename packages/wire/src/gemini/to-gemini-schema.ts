import type { JsonSchema, Loss } from '../canonical/index.ts';
import { asList, asRecord, asText } from '../json/read.ts';
import { createSchemaScope, type SchemaScope } from './schema-scope.ts';

/** Taken as they are. */
const KEPT = [
  'title',
  'description',
  'default',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
  'pattern',
] as const;

/** Without meaning for what is valid, or handled one by one. */
const SILENT: ReadonlySet<string> = new Set(
  [
    ...KEPT,
    '$schema $id $anchor $comment $defs definitions $ref readOnly writeOnly strict deprecated type enum const format',
    'nullable properties required items prefixItems anyOf oneOf allOf examples example additionalProperties',
    'propertyOrdering exclusiveMinimum exclusiveMaximum',
  ].flatMap((words) => words.split(' ')),
);

const FORMATS: Record<string, readonly string[]> = {
  string: ['enum', 'date-time'],
  number: ['float', 'double'],
  integer: ['int32', 'int64'],
};

const TYPES: ReadonlySet<string> = new Set([
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
  'null',
]);

/**
 * JSON Schema as the subset that Gemini's `parameters` and `responseSchema` take: references inlined, `const` as `enum`,
 * `oneOf` as `anyOf`, types with `null` as `nullable`; what has no counterpart is dropped and reported.
 */
export function toGeminiSchema(schema: JsonSchema, path: string, losses: Loss[]): JsonSchema {
  return convert(schema, createSchemaScope(schema, path, losses), 0);
}

function convert(value: unknown, scope: SchemaScope, depth: number): JsonSchema {
  const given = asRecord(value);
  // `true` and `{}` allow anything, which Gemini cannot say.
  const resolved = given && scope.resolve(given, depth);
  if (!resolved) return { type: given ? 'object' : 'string' };
  const schema = mergeAll(resolved, scope, depth);
  const out: JsonSchema = {};
  for (const key of KEPT) if (schema[key] !== undefined) out[key] = schema[key];
  for (const key of Object.keys(schema)) if (!SILENT.has(key)) scope.note(key);
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== true) {
    scope.note('additionalProperties');
  }
  addTypes(schema, out);
  addEnum(schema, out, scope);
  addBounds(schema, out, scope);
  addAlternatives(schema, out, scope, depth);
  addFormat(schema, out, scope);
  addChildren(schema, out, scope, depth);
  const example: unknown = schema.example ?? asList(schema.examples)[0];
  if (example !== undefined) out.example = example;
  if (out.type === undefined && out.anyOf === undefined) {
    scope.note('without a type', 'Gemini wants one; text is what fits most');
    out.type = 'string';
  }
  return out;
}

/** `allOf` as one schema: what stands later wins, properties and required names add up. */
function mergeAll(schema: JsonSchema, scope: SchemaScope, depth: number): JsonSchema {
  const all = asList(schema.allOf);
  if (!all.length) return schema;
  const { allOf: _, ...merged } = schema;
  for (const entry of all) {
    const given = asRecord(entry);
    const resolved = given && scope.resolve(given, depth + 1);
    if (!resolved) continue;
    const part = mergeAll(resolved, scope, depth + 1);
    const properties = { ...asRecord(merged.properties), ...asRecord(part.properties) };
    const required = [...asList(merged.required), ...asList(part.required)];
    Object.assign(merged, part);
    if (Object.keys(properties).length) merged.properties = properties;
    if (required.length) merged.required = [...new Set(required)];
  }
  return merged;
}

function addTypes(schema: JsonSchema, out: JsonSchema): void {
  const named = (Array.isArray(schema.type) ? schema.type : [schema.type]).flatMap((type: unknown) =>
    typeof type === 'string' && TYPES.has(type.toLowerCase()) ? [type.toLowerCase()] : [],
  );
  const types = named.filter((type) => type !== 'null');
  if (schema.nullable === true || (types.length && types.length < named.length)) out.nullable = true;
  if (types.length > 1) out.anyOf = types.map((type) => ({ type }));
  else out.type = types[0] ?? named[0] ?? guessType(schema);
  if (out.type === undefined) delete out.type;
}

function guessType(schema: JsonSchema): string | undefined {
  if (schema.properties !== undefined) return 'object';
  if (schema.items !== undefined || schema.prefixItems !== undefined) return 'array';
  const first = schema.const ?? asList(schema.enum)[0];
  if (typeof first === 'string' || typeof first === 'number' || typeof first === 'boolean')
    return typeof first;
  return undefined;
}

/** Gemini's `enum` holds text only; other values are told in words. */
function addEnum(schema: JsonSchema, out: JsonSchema, scope: SchemaScope): void {
  const values = schema.const === undefined ? asList(schema.enum) : [schema.const];
  if (!values.length) return;
  if (values.includes(null)) out.nullable = true;
  const texts = values.filter((value) => value !== null);
  if (out.type === 'string' && texts.every((value) => typeof value === 'string' && value !== '')) {
    if (texts.length) out.enum = texts;
    return;
  }
  scope.note('enum', 'Gemini takes lists of non-empty text only; it is told in the description');
  const words = `One of: ${texts.map((value) => JSON.stringify(value)).join(', ')}.`;
  out.description = [asText(out.description), words].filter(Boolean).join(' ');
}

function addBounds(schema: JsonSchema, out: JsonSchema, scope: SchemaScope): void {
  for (const [key, bound, step] of [
    ['exclusiveMinimum', 'minimum', 1],
    ['exclusiveMaximum', 'maximum', -1],
  ] as const) {
    const value = schema[key];
    if (value === undefined || value === false) continue;
    // Whole numbers have a next one.
    if (out.type === 'integer' && typeof value === 'number') out[bound] = Math.round(value) + step;
    else scope.note(key);
  }
}

function addAlternatives(schema: JsonSchema, out: JsonSchema, scope: SchemaScope, depth: number): void {
  if (schema.oneOf !== undefined) scope.note('oneOf', 'Gemini only knows anyOf');
  const given = [...asList(schema.anyOf), ...asList(schema.oneOf)];
  if (!given.length) return;
  const others = given.filter((entry) => asRecord(entry)?.type !== 'null');
  if (others.length < given.length) out.nullable = true;
  const [only] = others;
  if (others.length === 1) {
    const single = convert(only, scope, depth + 1);
    // Its own words and limits win over those of the alternative.
    for (const [key, value] of Object.entries(single)) out[key] ??= value;
    return;
  }
  if (others.length) out.anyOf = others.map((entry) => convert(entry, scope, depth + 1));
  // Gemini refuses a type beside alternatives, except for an object whose alternatives say what is required.
  if (others.length && out.type !== 'object') delete out.type;
}

function addFormat(schema: JsonSchema, out: JsonSchema, scope: SchemaScope): void {
  const format = asText(schema.format);
  if (format === undefined) return;
  if (FORMATS[String(out.type)]?.includes(format)) out.format = format;
  else scope.note(`format ${format}`, 'Gemini refuses it');
}

function addChildren(schema: JsonSchema, out: JsonSchema, scope: SchemaScope, depth: number): void {
  const properties = asRecord(schema.properties);
  if (properties && Object.keys(properties).length) {
    const converted = Object.entries(properties).map(
      ([name, one]) => [name, convert(one, scope, depth + 1)] as const,
    );
    out.properties = Object.fromEntries(converted);
    const required = asList(schema.required).filter(
      (name) => typeof name === 'string' && Object.hasOwn(properties, name),
    );
    if (required.length) out.required = required;
  }
  if (out.type !== 'array') return;
  const items = schema.items ?? asList(schema.prefixItems);
  if (!Array.isArray(items)) out.items = convert(items, scope, depth + 1);
  else {
    scope.note('items', 'Gemini wants one kind of items');
    const kinds = items.map((item) => convert(item, scope, depth + 1));
    out.items = kinds.length > 1 ? { anyOf: kinds } : (kinds[0] ?? { type: 'string' });
  }
}
