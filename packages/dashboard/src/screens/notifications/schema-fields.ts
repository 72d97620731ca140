import { labelOf } from '../../format/label.ts';
import type { SchemaNode } from '../../data/notification-queries.ts';

/** A field of a form, as a schema describes it. */
export interface SchemaField {
  name: string;
  label: string;
  kind: 'text' | 'number' | 'check' | 'choice' | 'choices' | 'list' | 'pairs';
  hint: string;
  choices: string[];
  secret: boolean;
  required: boolean;
  /** Shown where nothing is set. */
  fallback: string;
}

const kindOf = (node: SchemaNode): SchemaField['kind'] => {
  if (node.enum) return 'choice';
  if (node.type === 'boolean') return 'check';
  if (node.type === 'number' || node.type === 'integer') return 'number';
  if (node.type === 'array') return node.items?.enum ? 'choices' : 'list';
  return node.type === 'object' ? 'pairs' : 'text';
};

const shownDefault = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : simple(value));

/** A text, number or truth as text; nothing for what is none of them. */
const simple = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';

/** The fields of an object’s schema in its order, without those that are fixed. */
export function schemaFields(schema: SchemaNode): SchemaField[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, node]) =>
    // Lists of more than texts are left to the file.
    node.const !== undefined || node.items?.properties !== undefined
      ? []
      : [
          {
            name,
            label: labelOf(name),
            kind: kindOf(node),
            hint: node.description ?? '',
            choices: node.enum ?? node.items?.enum ?? [],
            secret: node.secret === true || node.items?.secret === true,
            required: required.has(name),
            fallback: shownDefault(node.default),
          },
        ],
  );
}

/** What stands in the form for a value of the file. */
export function shown(field: SchemaField, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (field.kind === 'check') return value === true ? 'true' : 'false';
  if (Array.isArray(value)) return value.join(field.kind === 'choices' ? ',' : '\n');
  if (typeof value === 'object') {
    return Object.entries(value as Record<string, unknown>)
      .map(([key, each]) => `${key}: ${simple(each)}`)
      .join('\n');
  }
  return simple(value);
}

const lines = (text: string, by: string | RegExp): string[] =>
  text
    .split(by)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** The value of the file for what stands in the form; null: it is taken out and its default holds. */
export function written(field: SchemaField, text: string): unknown {
  if (text.trim() === '') return null;
  if (field.kind === 'number') return Number.isNaN(Number(text)) ? text : Number(text);
  if (field.kind === 'check') return text === 'true';
  if (field.kind === 'list') return lines(text, '\n');
  if (field.kind === 'choices') return lines(text, ',');
  if (field.kind === 'pairs') {
    return Object.fromEntries(
      lines(text, '\n').map((line) => {
        const at = line.indexOf(':');
        return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
      }),
    );
  }
  return text.trim();
}
