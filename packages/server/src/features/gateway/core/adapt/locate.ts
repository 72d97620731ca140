import { asObject, type Body } from './body.ts';
import type { Path } from './reason.ts';

const MAX_DEPTH = 7;

/**
 * Where a field that a provider named lies in the body that was sent, as a pattern; undefined where it is not there.
 * Validators name branches of unions as if they were fields (`tools.0.custom.strict`, `messages.2.assistant.name`), some
 * servers write snake_case in camelCase, and some name no more than the field itself.
 */
export function locate(body: Body, path: Path): string | undefined {
  const wanted = path[0] === 'body' || path[0] === 'request' ? path.slice(1) : path;
  if (wanted.length === 0) return undefined;
  const direct = walk(body, wanted, 0, '');
  if (direct !== undefined) return direct;
  const last = wanted.at(-1);
  return typeof last === 'string' ? search(body, last, '', 0) : undefined;
}

function walk(node: unknown, path: Path, at: number, pattern: string): string | undefined {
  const part = path[at];
  if (part === undefined) return pattern;
  if (Array.isArray(node)) {
    if (typeof part === 'number') return walk(node[part], path, at + 1, `${pattern}[]`);
    for (const entry of node) {
      const found = walk(entry, path, at, `${pattern}[]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const object = asObject(node);
  if (!object) return undefined;
  const name = typeof part === 'string' ? nameIn(object, part) : undefined;
  if (name !== undefined) {
    const found = walk(object[name], path, at + 1, join(pattern, name));
    if (found !== undefined) return found;
  }
  // The branch of a union, named as if it were a field.
  return at < path.length - 1 ? walk(node, path, at + 1, pattern) : undefined;
}

/** The shallowest field of this name in messages and tools; what stands inside a tool's schema is not a field. */
function search(node: unknown, name: string, pattern: string, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(node)) {
    for (const entry of node) {
      const found = search(entry, name, `${pattern}[]`, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const object = asObject(node);
  if (!object) return undefined;
  const own = nameIn(object, name);
  if (own !== undefined) return join(pattern, own);
  for (const [key, value] of Object.entries(object)) {
    if (typeof value !== 'object' || SCHEMAS.has(key)) continue;
    const found = search(value, name, join(pattern, key), depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Fields that hold JSON Schemas or free JSON, whose keys are the client's own. */
const SCHEMAS: ReadonlySet<string> = new Set([
  'parameters',
  'input_schema',
  'schema',
  'parametersJsonSchema',
  'responseSchema',
  'responseJsonSchema',
  'arguments',
  'args',
  'metadata',
]);

function nameIn(object: Body, name: string): string | undefined {
  for (const candidate of [name, snake(name), camel(name)])
    if (Object.hasOwn(object, candidate)) return candidate;
  return undefined;
}

const join = (pattern: string, name: string): string => (pattern === '' ? name : `${pattern}.${name}`);
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_whole, letter: string) => letter.toUpperCase());
