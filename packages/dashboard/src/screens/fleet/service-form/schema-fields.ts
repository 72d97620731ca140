import { labelOf } from '../../../format/label.ts';

/** As much of JSON Schema as forms are drawn from. */
export interface SchemaNode {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  format?: string;
  maxLength?: number;
  properties?: Record<string, SchemaNode>;
  required?: string[];
  items?: SchemaNode;
  additionalProperties?: SchemaNode | boolean;
  oneOf?: SchemaNode[];
  anyOf?: SchemaNode[];
}

/** How a field is written. `rows`: predicates on JSON. */
export type FieldKind =
  | 'text'
  | 'long'
  | 'number'
  | 'choice'
  | 'check'
  | 'list'
  | 'choices'
  | 'pairs'
  | 'rows';

/** A field of a form, drawn from its schema. */
export interface SchemaField {
  key: string;
  label: string;
  kind: FieldKind;
  hint: string;
  required: boolean;
  /** The default as the field shows it. */
  fallback: string;
  choices: string[];
  /** Entries of a list are numbers. */
  numbers: boolean;
}

function kindOf(key: string, node: SchemaNode): FieldKind | null {
  if (node.enum) return 'choice';
  if (node.type === 'boolean') return 'check';
  if (node.type === 'number' || node.type === 'integer') return 'number';
  if (node.type === 'string') return ['body', 'query', 'prompt'].includes(key) ? 'long' : 'text';
  if (node.anyOf?.every(({ type }) => type === 'string')) return 'text';
  if (node.type === 'object' && typeof node.additionalProperties === 'object') return 'pairs';
  if (node.type !== 'array') return null;
  if (node.items?.properties?.['path'] && node.items.properties['is']) return 'rows';
  if (node.items?.enum) return 'choices';
  return node.items?.type === 'object' ? null : 'list';
}

/** A value as its field holds it. */
export function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) {
    const plain = value.every((entry) => typeof entry !== 'object');
    return plain ? value.join('\n') : JSON.stringify(value);
  }
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, text]) => `${name}: ${String(text)}`)
      .join('\n');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The fields of an object’s schema, in its order; what no field can hold is left to the file. */
export function fieldsOf(node: SchemaNode): SchemaField[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    if (child.const !== undefined) return [];
    const kind = kindOf(key, child);
    if (kind === null) return [];
    return [
      {
        key,
        label: child.title ?? labelOf(key),
        kind,
        hint: (child.description ?? '').replaceAll('`', ''),
        required: (node.required ?? []).includes(key) && child.default === undefined,
        fallback: asText(child.default),
        choices: (child.enum ?? child.items?.enum ?? child.items?.properties?.['is']?.enum ?? []).map(String),
        numbers: child.items?.type === 'integer' || child.items?.type === 'number',
      },
    ];
  });
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const numberOf = (text: string): number | string => (Number.isFinite(Number(text)) ? Number(text) : text);

/** A field’s text as it is written into the file; undefined: nothing, its default holds. */
export function written({ kind, numbers, fallback }: SchemaField, text: string): unknown {
  if (text === fallback || (text.trim() === '' && kind !== 'list' && kind !== 'choices')) return undefined;
  switch (kind) {
    case 'number':
      return numberOf(text.trim());
    case 'check':
      return text === 'true';
    case 'list':
      return lines(text).map((line) => (numbers ? numberOf(line) : line));
    case 'choices':
      return lines(text);
    case 'pairs':
      return Object.fromEntries(
        lines(text).map((line) => {
          const colon = line.indexOf(':');
          return colon < 0 ? [line, ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
        }),
      );
    case 'rows':
      return JSON.parse(text) as unknown;
    case 'long':
      return text;
    case 'text':
    case 'choice':
      return text.trim();
  }
}
