import { asRecord } from '../../json/read.ts';
import { parseLenient } from '../reading/lenient-json.ts';
import { isOfType, propertiesOf, requiredOf, typesOf, type JsonType } from './schema.ts';

const MAX_DEPTH = 12;
const MAX_STRINGS = 4;
const NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d{1,15})?([eE][-+]?\d{1,2})?$/;

/** Told of each value that changed: where it stood, and from what to what. */
export type Note = (path: string, change: string) => void;

/**
 * The value as its schema wants it, where there is exactly one way to read it: `"5"` → 5, `"true"` → true, a single
 * value → a list of it, JSON in a string → the object. Anything else comes back as it was.
 */
export function coerce(value: unknown, schema: unknown, path: string, note: Note, depth = 0): unknown {
  const types = typesOf(schema);
  if (depth > MAX_DEPTH || !types) return value;
  if (!isOfType(value, types)) {
    const changed = convert(value, types, schema);
    if (changed === undefined) return value;
    note(path, `${nameOf(value)} → ${nameOf(changed)}`);
    return coerce(changed, schema, path, note, depth + 1);
  }
  const record = asRecord(schema);
  if (!record || 'anyOf' in record || 'oneOf' in record) return value;
  if (typeof value === 'string') return asListed(value, record['enum'], path, note);
  if (Array.isArray(value)) {
    const { items } = record;
    return items ? value.map((each, at) => coerce(each, items, `${path}[${at}]`, note, depth + 1)) : value;
  }
  const object = asRecord(value);
  return object ? coerceProperties(object, record, path, note, depth) : value;
}

/** Each property of an object by its own schema. */
export function coerceProperties(
  object: Record<string, unknown>,
  schema: Record<string, unknown>,
  path: string,
  note: Note,
  depth = 0,
): Record<string, unknown> {
  const properties = propertiesOf(schema);
  const entries = Object.entries(object).flatMap(([key, value]): [string, unknown][] => {
    const wanted = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const at = path ? `${path}.${key}` : key;
    if (value === null && wanted && leftOut(wanted) && !requiredOf(schema).includes(key)) {
      note(at, 'null → left out');
      return [];
    }
    return [[key, wanted ? coerce(value, wanted, at, note, depth + 1) : value]];
  });
  return Object.fromEntries(entries);
}

/** Whether null can only have meant that nothing was given. */
function leftOut(schema: unknown): boolean {
  const types = typesOf(schema);
  return types !== undefined && !isOfType(null, types);
}

function convert(value: unknown, types: readonly JsonType[], schema: unknown): unknown {
  const found = types.map((type) => convertTo(value, type, schema)).filter((each) => each !== undefined);
  return found.length === 1 ? found[0] : undefined;
}

function convertTo(value: unknown, type: JsonType, schema: unknown): unknown {
  if (type === 'array') return toList(value, schema);
  if (typeof value === 'string') return fromText(value.trim(), type);
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  return undefined;
}

function fromText(text: string, type: JsonType): unknown {
  if (type === 'number' || type === 'integer') {
    if (!NUMBER.test(text)) return undefined;
    const number = Number(text);
    return type === 'number' || Number.isInteger(number) ? number : undefined;
  }
  if (type === 'boolean') {
    if (/^true$/i.test(text)) return true;
    return /^false$/i.test(text) ? false : undefined;
  }
  if (type === 'null') return /^(null|none)$/i.test(text) ? null : undefined;
  return type === 'object' ? asRecord(unpack(text)) : undefined;
}

function toList(value: unknown, schema: unknown): unknown {
  const parsed = typeof value === 'string' ? unpack(value) : undefined;
  if (Array.isArray(parsed)) return parsed;
  const items = typesOf(asRecord(schema)?.['items']);
  return items && value !== null && isOfType(value, items) ? [value] : undefined;
}

/** An enum member written in other letters. */
function asListed(value: string, members: unknown, path: string, note: Note): string {
  if (!Array.isArray(members) || members.includes(value)) return value;
  const near = members.filter(
    (each): each is string => typeof each === 'string' && each.toLowerCase() === value.trim().toLowerCase(),
  );
  const only = near[0];
  if (near.length !== 1 || only === undefined) return value;
  note(path, 'spelling of a listed value');
  return only;
}

/** An object or list in a string, in a string again, or as Python prints it; undefined when it is cut. */
function unpack(text: string): unknown {
  let inner: unknown = text;
  for (let layer = 0; layer < MAX_STRINGS && typeof inner === 'string'; layer++) {
    if (!/^\s*[[{"]/.test(inner)) return undefined;
    const read = parseLenient(inner);
    inner = read && !read.closed ? read.value : undefined;
  }
  return inner;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}
