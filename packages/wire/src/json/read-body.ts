import type * as z from 'zod';
import type { WireError } from '../canonical/index.ts';
import { fitsOf, type Fits } from './fits.ts';

/** A checked request body, or the first problem in it with its path. */
export type ReadBody<T> = { ok: true; value: T } | { ok: false; error: WireError };

const looks = new WeakMap<z.ZodType, Fits>();

function looksRight(schema: z.ZodType, body: object): boolean {
  let fits = looks.get(schema);
  if (!fits) {
    fits = fitsOf(schema);
    looks.set(schema, fits);
  }
  return fits(body);
}

/**
 * Checks an untrusted request body. The error names where the first problem stands (`messages[2].content[0].text`)
 * and what was expected there; `param` carries the path alone.
 */
export function readBody<T>(schema: z.ZodType<T>, body: unknown): ReadBody<T> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { ok: false, error: invalid('the request body is not a JSON object') };
  }
  if (looksRight(schema, body)) return { ok: true, value: body as T };
  const read = schema.safeParse(body);
  if (read.success) return { ok: true, value: read.data };
  const issue = read.error.issues[0];
  if (!issue) return { ok: false, error: invalid('the request body is not valid') };
  const { path, message } = deepest(issue, []);
  const where = writePath(path);
  return {
    ok: false,
    error: { ...invalid(where ? `${where}: ${message}` : message), ...(where && { param: where }) },
  };
}

function invalid(message: string): WireError {
  return { kind: 'invalid-request', message, source: 'gateway', status: 400 };
}

interface Place {
  path: PropertyKey[];
  message: string;
}

/** Inside a union, the branch that got furthest is the one that was meant. */
function deepest(issue: z.core.$ZodIssue, above: PropertyKey[]): Place {
  const path = [...above, ...issue.path];
  let best: Place = { path, message: lowerFirst(issue.message) };
  if (issue.code !== 'invalid_union') return best;
  const plain: string[] = [];
  for (const branch of issue.errors) {
    for (const inner of branch) {
      const found = deepest(inner, path);
      if (found.path.length > best.path.length) best = found;
      else if (found.path.length === path.length) plain.push(found.message);
    }
  }
  return best.path.length > path.length || plain.length === 0 ? best : { path, message: plain.join(', or ') };
}

function writePath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else text += text === '' ? String(key) : `.${String(key)}`;
  }
  return text;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
