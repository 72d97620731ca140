import type { ServiceConfig } from '@vigiles/contract';
import type { ConfigEdit } from '../../../data/config.ts';
import { asText, fieldsOf, written, type SchemaField, type SchemaNode } from './schema-fields.ts';

/** A check as its form holds it: every field a text. */
export interface CheckDraft {
  type: string;
  fields: Record<string, string>;
  /** Where it stands in the file; null: it is new. */
  place: number | null;
}

export interface ServiceDraft {
  fields: Record<string, string>;
  checks: CheckDraft[];
}

/** The schema of a service, with its checks apart. */
export interface ServiceSchema {
  fields: SchemaField[];
  checks: { type: string; title: string; description: string; fields: SchemaField[] }[];
}

/** Finds the part of vigiles.yaml’s schema that services are drawn from; null when it is not there. */
export function serviceSchemaOf(schema: SchemaNode): ServiceSchema | null {
  const service = schema.properties?.['watchdog']?.properties?.['services']?.items;
  const kinds = service?.properties?.['checks']?.items?.oneOf;
  if (!service || !kinds) return null;
  return {
    fields: fieldsOf(service),
    checks: kinds.map((kind) => ({
      type: asText(kind.properties?.['type']?.const),
      title: kind.title ?? '',
      description: kind.description ?? '',
      fields: fieldsOf(kind),
    })),
  };
}

const textsOf = (fields: readonly SchemaField[], value: object | null): Record<string, string> =>
  Object.fromEntries(
    fields.map(({ key, fallback }) => {
      const found = (value as Record<string, unknown> | null)?.[key];
      return [key, found === undefined ? fallback : asText(found)];
    }),
  );

const fieldsOfCheck = (schema: ServiceSchema, type: string): SchemaField[] =>
  schema.checks.find((kind) => kind.type === type)?.fields ?? [];

export const newCheck = (schema: ServiceSchema, type: string): CheckDraft => ({
  type,
  fields: textsOf(fieldsOfCheck(schema, type), null),
  place: null,
});

/** The form of a service, or of a new one. */
export const draftOf = (schema: ServiceSchema, service: ServiceConfig | null): ServiceDraft => ({
  fields: textsOf(schema.fields, service),
  checks: (service?.checks ?? []).map((check, place) => ({
    type: check.type,
    fields: textsOf(fieldsOfCheck(schema, check.type), check),
    place,
  })),
});

function valueOf(fields: readonly SchemaField[], texts: Record<string, string>): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const field of fields) {
    const one = written(field, texts[field.key] ?? '');
    if (one !== undefined) value[field.key] = one;
  }
  return value;
}

/** A check as it is written into the file, or tried. */
export const checkValue = (schema: ServiceSchema, { type, fields }: CheckDraft): Record<string, unknown> => ({
  type,
  ...valueOf(fieldsOfCheck(schema, type), fields),
});

/** What is missing, by `key` or `checks.0.key`. */
export function draftProblems(schema: ServiceSchema, draft: ServiceDraft): Map<string, string> {
  const problems = new Map<string, string>();
  const require = (fields: readonly SchemaField[], texts: Record<string, string>, before: string): void => {
    for (const { key, required } of fields)
      if (required && (texts[key] ?? '').trim() === '') problems.set(`${before}${key}`, 'Needed.');
  };
  require(schema.fields, draft.fields, '');
  for (const [i, check] of draft.checks.entries())
    require(fieldsOfCheck(schema, check.type), check.fields, `checks.${i}.`);
  return problems;
}

type Base = ConfigEdit['path'];

function fieldEdits(
  fields: readonly SchemaField[],
  texts: Record<string, string>,
  before: Record<string, string>,
  base: Base,
): ConfigEdit[] {
  return fields
    .filter(({ key }) => (texts[key] ?? '') !== (before[key] ?? ''))
    .map((field) => ({
      path: [...base, field.key],
      value: written(field, texts[field.key] ?? '') ?? null,
    }));
}

/** Checks that stay are changed field by field, so that their comments stay; the others are added or taken out. */
function checkEdits(
  schema: ServiceSchema,
  draft: ServiceDraft,
  before: ServiceDraft,
  base: Base,
): ConfigEdit[] {
  const at = [...base, 'checks'];
  const kept = new Map(
    draft.checks.flatMap((check) => (check.place === null ? [] : [[check.place, check] as const])),
  );
  const fresh = draft.checks.filter(({ place }) => place === null).map((check) => checkValue(schema, check));
  const changed = before.checks.flatMap((known, place) => {
    const now = kept.get(place);
    if (!now) return [];
    if (now.type !== known.type) return [{ path: [...at, place], value: checkValue(schema, now) }];
    return fieldEdits(fieldsOfCheck(schema, now.type), now.fields, known.fields, [...at, place]);
  });
  if (before.checks.length === 0) return fresh.length > 0 ? [{ path: at, value: fresh }] : [];
  const added = fresh.map((value, i) => ({ path: [...at, before.checks.length + i], value }));
  // From the end, so that the places before stay what they are.
  const gone = before.checks
    .map((_known, place) => place)
    .filter((place) => !kept.has(place))
    .toReversed()
    .map((place) => ({ path: [...at, place], value: null }));
  return [...changed, ...added, ...gone];
}

/** The changes to vigiles.yaml that make a service what its form says. `place`: null for a new one. */
export function serviceEdits(
  schema: ServiceSchema,
  draft: ServiceDraft,
  before: ServiceDraft,
  place: number | null,
  count: number,
): ConfigEdit[] {
  const list: Base = ['watchdog', 'services'];
  if (place !== null) {
    const base = [...list, place];
    return [
      ...fieldEdits(schema.fields, draft.fields, before.fields, base),
      ...checkEdits(schema, draft, before, base),
    ];
  }
  const checks = draft.checks.map((check) => checkValue(schema, check));
  const value = { ...valueOf(schema.fields, draft.fields), ...(checks.length > 0 ? { checks } : {}) };
  return [count === 0 ? { path: list, value: [value] } : { path: [...list, count], value }];
}
