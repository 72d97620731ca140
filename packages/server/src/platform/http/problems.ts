import type { z } from 'zod';
import { fault, raise } from '../../kernel/fault.ts';

/** One thing wrong with a request: where, and what. */
export interface Problem {
  /** `body.items[2].name` */
  path: string;
  message: string;
}

const pathOf = (root: string, parts: readonly PropertyKey[]): string =>
  parts.reduce<string>(
    (path, part) => (typeof part === 'number' ? `${path}[${part}]` : `${path}.${String(part)}`),
    root,
  );

/** Whether a text in it holds U+0000, which no word of a person does, and which not every store keeps. However deep: no recursion. */
function holdsNull(value: unknown): boolean {
  const rest: unknown[] = [value];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next === 'string' && next.includes('\0')) return true;
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next) && Object.keys(next).some((key) => key.includes('\0'))) return true;
    for (const inside of Array.isArray(next) ? (next as unknown[]) : Object.values(next))
      if (inside !== undefined) rest.push(inside);
  }
  return false;
}

/**
 * Validates one part of a request; every problem is listed, each with its path. Throws `invalid_request`.
 * @param anyText what programs write may hold U+0000; what people say may not
 */
export function parsePart(
  schema: z.ZodType | undefined,
  root: string,
  value: unknown,
  anyText = false,
): unknown {
  if (!schema) return undefined;
  if (!anyText && holdsNull(value))
    raise(
      fault('invalid', 'invalid_request', `${root}: a text with a null character (U+0000) in it`, {
        details: { problems: [{ path: root, message: 'a null character (U+0000)' }] },
      }),
    );
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems: Problem[] = parsed.error.issues.map((issue) => ({
    path: pathOf(root, issue.path),
    message: issue.message,
  }));
  const first = problems[0];
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  raise(
    fault('invalid', 'invalid_request', `${first?.path ?? root}: ${first?.message ?? 'not valid'}${more}`, {
      details: { problems },
    }),
  );
}
