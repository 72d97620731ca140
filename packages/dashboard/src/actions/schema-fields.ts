import { labelOf } from '../format/label.ts';

/** A parameter of an action as a form shows it, read from its JSON Schema. */
export interface SchemaField {
  name: string;
  label: string;
  hint: string | null;
  kind: 'text' | 'number' | 'check' | 'choice';
  choices: readonly string[];
  required: boolean;
  /** As it stands in the form before somebody changes it; '' is: left out. */
  initial: string;
}

interface Property {
  type?: unknown;
  enum?: unknown;
  default?: unknown;
  description?: unknown;
}

const asText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/** The fields of an object's schema; what a form of single lines cannot show is left out. */
export function fieldsOf(schema: Record<string, unknown>): SchemaField[] {
  const properties = (schema['properties'] ?? {}) as Record<string, Property>;
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  return Object.entries(properties).flatMap(([name, property]): SchemaField[] => {
    const choices = Array.isArray(property.enum)
      ? property.enum.filter((one): one is string => typeof one === 'string')
      : [];
    const kind =
      choices.length > 0
        ? 'choice'
        : property.type === 'boolean'
          ? 'check'
          : property.type === 'number' || property.type === 'integer'
            ? 'number'
            : property.type === 'string'
              ? 'text'
              : null;
    if (kind === null) return [];
    const hint = typeof property.description === 'string' ? property.description : null;
    const must = required.includes(name);
    return [
      { name, label: labelOf(name), hint, kind, choices, required: must, initial: asText(property.default) },
    ];
  });
}

/** What the form says, as parameters: empty ones are left out, so that their defaults hold. */
export function paramsFrom(
  fields: readonly SchemaField[],
  values: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const { name, kind, initial } of fields) {
    const text = (values[name] ?? initial).trim();
    if (text === '') continue;
    if (kind === 'check') params[name] = text === 'true';
    // What is no number is sent as it is: the server says best what is wrong with it.
    else params[name] = kind === 'number' && Number.isFinite(Number(text)) ? Number(text) : text;
  }
  return params;
}
