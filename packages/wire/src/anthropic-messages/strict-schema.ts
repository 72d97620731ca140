import type { JsonSchema } from '../canonical/index.ts';
import { asList, asRecord } from '../json/read.ts';

/** What a schema costs where Anthropic enforces it; the sums of a request are bounded. */
export interface SchemaSize {
  /** Properties that are not required. */
  optional: number;
  /** Values of more than one type. */
  unions: number;
}

/** Keywords that enforced schemas may have, besides words that constrain nothing. */
const TAKEN: ReadonlySet<string> = new Set(
  '$schema $id $comment $defs definitions $ref title description default examples deprecated readOnly writeOnly type properties required additionalProperties items minItems enum const anyOf format'.split(
    ' ',
  ),
);

const FORMATS: ReadonlySet<unknown> = new Set(
  'date-time time date duration email hostname uri ipv4 ipv6 uuid'.split(' '),
);

/** Schemas that are deeper or have more in them, each reference counted where it stands, are not read to their end. */
const MAX_DEPTH = 50;
const MAX_PARTS = 2000;

const isPlain = (value: unknown): boolean => value === null || typeof value !== 'object';

/**
 * Reads a schema as Anthropic does that is to be enforced. Its subset: every object closed, no bounds on numbers and
 * texts, no recursion. https://platform.claude.com/docs/en/build-with-claude/structured-outputs
 * @returns its size, or in a few words what keeps it from being enforced
 */
export function measureStrictSchema(root: JsonSchema): SchemaSize | string {
  const size: SchemaSize = { optional: 0, unions: 0 };
  const within = new Set<string>();
  let parts = 0;

  function look(value: unknown, depth: number): string | undefined {
    const schema = asRecord(value);
    if (!schema) return 'a part that is no object';
    parts += 1;
    if (depth > MAX_DEPTH || parts > MAX_PARTS) return 'so much in it';
    const strange = Object.keys(schema).find((keyword) => !TAKEN.has(keyword));
    if (strange !== undefined) return strange;
    if (typeof schema.$ref === 'string') return follow(schema.$ref, depth);
    return oddity(schema) ?? lookInside(schema, depth);
  }

  function follow(ref: string, depth: number): string | undefined {
    const [, place, name] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(ref) ?? [];
    const meant = place === undefined || name === undefined ? undefined : asRecord(root[place])?.[name];
    if (meant === undefined) return 'a reference out of it';
    if (within.has(ref)) return 'recursion';
    within.add(ref);
    const odd = look(meant, depth + 1);
    within.delete(ref);
    return odd;
  }

  function lookInside(schema: JsonSchema, depth: number): string | undefined {
    const branches = asList(schema.anyOf);
    if (branches.length > 0 || Array.isArray(schema.type)) size.unions += 1;
    const properties = asRecord(schema.properties);
    const inner = [...branches, ...Object.values(properties ?? {})];
    if (schema.items !== undefined) inner.push(schema.items);
    if (properties || schema.type === 'object') {
      if (schema.additionalProperties !== false) return 'an object that is open to further properties';
      const required = new Set(asList(schema.required));
      size.optional += Object.keys(properties ?? {}).filter((name) => !required.has(name)).length;
    }
    for (const one of inner) {
      const odd = look(one, depth + 1);
      if (odd !== undefined) return odd;
    }
    return undefined;
  }

  return look(root, 0) ?? size;
}

/** What in one schema itself cannot be enforced. */
function oddity(schema: JsonSchema): string | undefined {
  const { type, anyOf, items, format, minItems } = schema;
  const values = schema.enum;
  if (values !== undefined && !asList(values).every(isPlain)) return 'an enum of objects';
  if (!isPlain(schema.const)) return 'a const that is an object';
  if (format !== undefined && !FORMATS.has(format)) return `the format ${JSON.stringify(format)}`;
  if (minItems !== undefined && minItems !== 0 && minItems !== 1) return 'minItems above 1';
  if (Array.isArray(items)) return 'a list of items in turn';
  const says = [type, anyOf, values, schema.const].some((one) => one !== undefined);
  return says ? undefined : 'a value of any type';
}
