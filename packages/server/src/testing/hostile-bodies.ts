import { z } from 'zod';

/** A JSON schema as far as it is looked at here. */
export interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  minLength?: number;
  minItems?: number;
  pattern?: string;
}

/** One hostile request body. */
export interface HostileBody {
  what: string;
  /** As it goes over the wire. */
  text: string;
  contentType: string;
  /** What the published schema says of it. */
  valid: boolean;
}

const json = 'application/json';
const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** Never the right kind of value, or more of it than anybody means. */
const oddFields: readonly [string, string][] = [
  ['an object', '{"a":{"b":1}}'],
  ['a null byte', String.raw`"a\u0000b"`],
  ['a long text', JSON.stringify('x'.repeat(20_000))],
];
const oddBodies: readonly [string, string][] = [
  ...oddFields,
  ['an array', '[[1]]'],
  ['a number', '-1e308'],
  ['null', 'null'],
  ['half a character', String.raw`"\ud800"`],
  ['nothing', '{}'],
  ['a very deep array', deep(20_000)],
];

/** Path segments that are nobody's id. */
export const hostileIds: readonly string[] = [
  '%00',
  '..%2F..%2F..%2Fetc%2Fpasswd',
  '__proto__',
  'constructor',
  '9'.repeat(40),
  '%E0%A4%A',
  'x'.repeat(4000),
];

/** Values of a query that nobody means. */
export const hostileValues: readonly string[] = ['%00', '-1', 'NaN'];

/**
 * Bodies that no route asks for, besides one for each field that has another kind of value.
 * @param few only what has to do with the body as a whole: for a second name of a route
 */
export function* hostileBodies(schema: JsonSchema | undefined, few = false): Generator<HostileBody> {
  const not = (what: string, text: string, contentType = json): HostileBody => ({
    what,
    text,
    contentType,
    valid: false,
  });
  yield not('plain text', 'x', 'text/plain');
  yield not('XML', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 'application/xml');
  yield not('an unknown content type', '{}', 'application/x-nothing; charset=');
  yield not('half of a JSON object', '{"a":');
  yield not('a prototype', '{"__proto__":{"admin":true}}');
  yield not('a constructor', '{"constructor":{"prototype":{"admin":true}}}');
  if (!schema) return;
  const judge = z.fromJSONSchema(judgeable(schema) as never);
  const judged = (what: string, text: string): HostileBody => ({
    what,
    text,
    contentType: json,
    valid: judge.safeParse(JSON.parse(text)).success,
  });
  for (const [what, text] of oddBodies) yield judged(what, text);
  const least = leastOf(schema);
  if (typeof least !== 'object' || least === null) return;
  yield judged('a field nobody knows', JSON.stringify({ ...least, not_a_field: 1 }));
  if (few) return;
  for (const field of fieldsOf(schema)) {
    const rest = Object.entries(least).filter(([name]) => name !== field);
    const others = rest.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
    for (const [what, text] of oddFields)
      yield judged(`${field}: ${what}`, `{${[...others, `${JSON.stringify(field)}:${text}`].join(',')}}`);
  }
}

/** Where anything may stand, as paths; an entry of a map is called `x`. */
function openPlaces(schema: JsonSchema, path: readonly string[] = []): string[][] {
  const { type, properties, items, additionalProperties, anyOf = [], oneOf = [], allOf = [] } = schema;
  const plain = type ?? schema.enum ?? schema.const;
  if (plain === undefined && anyOf.length + oneOf.length + allOf.length === 0) return [[...path]];
  if (path.length > 8) return [];
  return [
    ...Object.entries(properties ?? {}).flatMap(([name, child]) => openPlaces(child, [...path, name])),
    ...(items ? openPlaces(items, [...path, '0']) : []),
    ...(typeof additionalProperties === 'object' ? openPlaces(additionalProperties, [...path, 'x']) : []),
    ...[...anyOf, ...oneOf, ...allOf].flatMap((one) => openPlaces(one, path)),
  ];
}

/** The least body with something very deep wherever anything may stand. */
export function* deepBodies(schema: JsonSchema): Generator<HostileBody> {
  for (const path of openPlaces(schema)) {
    const body: unknown = leastOf(schema);
    if (typeof body !== 'object' || body === null || path.length === 0) continue;
    let at = body as Record<string, unknown>;
    for (const part of path.slice(0, -1)) {
      if (typeof at[part] !== 'object' || at[part] === null) at[part] = {};
      at = at[part] as Record<string, unknown>;
    }
    at[path.at(-1) ?? ''] = 'HERE';
    const text = JSON.stringify(body).replace('"HERE"', deep(20_000));
    yield { what: `deep ${path.join('.')}`, text, contentType: json, valid: true };
  }
}

/** Without the patterns that are about kinds of characters: JSON schema reads them as Unicode, zod does not. */
const judgeable = (schema: JsonSchema): unknown =>
  JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key === 'pattern' && typeof value === 'string' && value.includes('\\p{') ? undefined : value,
    ),
  );

function fieldsOf(schema: JsonSchema): string[] {
  const below = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [...new Set([...Object.keys(schema.properties ?? {}), ...below.flatMap(fieldsOf)])];
}

/** The least that the schema might take: what is required, each with a plain value of its kind. */
export function leastOf(schema: JsonSchema): unknown {
  const options = schema.anyOf ?? schema.oneOf;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (options?.[0]) return leastOf(options[0]);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'object': {
      const { properties = {}, required = [] } = schema;
      return Object.fromEntries(required.map((name) => [name, leastOf(properties[name] ?? {})]));
    }
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => leastOf(schema.items ?? {}));
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return false;
    case 'string':
      return schema.pattern?.includes('http') ? 'http://127.0.0.1:1/' : 'a'.repeat(schema.minLength ?? 1);
    default:
      return 'a';
  }
}
