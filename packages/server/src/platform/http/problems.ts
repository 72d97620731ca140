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

/** Validates one part of a request; every problem is listed, each with its path. Throws `invalid_request`. */
export function parsePart(schema: z.ZodType | undefined, root: string, value: unknown): unknown {
  if (!schema) return undefined;
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
