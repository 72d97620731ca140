import {
  asText,
  fieldsOf,
  written,
  type SchemaField,
  type SchemaNode,
} from '../../fleet/service-form/schema-fields.ts';
import { conditionText, readCondition } from './condition.ts';

/** A field of an object, or of an object within it: `window.count`. */
export interface FlatField extends SchemaField {
  path: string[];
  /** Its values are conditions on fields, or any JSON: not only texts. */
  conditions: boolean;
}

/** The fields of an object’s schema, with those of the objects in it, in its order. `but`: keys that have editors of their own. */
export function flatFields(
  node: SchemaNode,
  but: readonly string[] = [],
  above: readonly string[] = [],
): FlatField[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    if (above.length === 0 && but.includes(key)) return [];
    const path = [...above, key];
    if (child.properties) return flatFields(child, [], path);
    const only: SchemaNode = { properties: { [key]: child }, required: node.required ?? [] };
    const [field] = fieldsOf(only);
    if (!field) return [];
    const conditions = field.kind === 'pairs' && typeIn(child) !== 'string';
    return [{ ...field, key: path.join('.'), path, conditions }];
  });
}

const typeIn = ({ additionalProperties: values }: SchemaNode): unknown =>
  typeof values === 'object' ? values.type : undefined;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const found = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value);

/** What the fields show of a value of the file; null: of none. */
export const textsOf = (fields: readonly FlatField[], value: unknown): Record<string, string> =>
  Object.fromEntries(
    fields.map((field) => {
      const one = found(value, field.path);
      if (one === undefined) return [field.key, field.fallback];
      return [field.key, field.conditions && isRecord(one) ? conditionText(one) : asText(one)];
    }),
  );

/** The value of the file for what the fields show; defaults are left out. */
export function valueOf(
  fields: readonly FlatField[],
  texts: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const field of fields) {
    const text = texts[field.key] ?? '';
    const one =
      field.conditions && text !== field.fallback && text.trim() !== ''
        ? readCondition(text)
        : written(field, text);
    if (one !== undefined) put(value, field.path, one);
  }
  return value;
}

function put(into: Record<string, unknown>, path: readonly string[], one: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    into[key] = one;
    return;
  }
  const inner = into[key];
  const next = isRecord(inner) ? inner : {};
  into[key] = next;
  put(next, rest, one);
}
