import { sep } from 'node:path';
import type { Plugin } from 'rolldown';

/** What is left out of a file of zod's: the code that does it, and why nobody here misses it. */
const leftOut: Record<string, RegExp> = {
  /**
   * Looking for reference cycles in what is read. For that a schema is walked through the first time, which would make every shape
   * below it. What comes here is JSON or YAML, for schemas that do not contain themselves.
   */
  'classic/schemas.js':
    /if \(!core\.globalConfig\.memoizer\)\s+core\.config\(\{ memoizer: core\.memoizer\(\) \}\);/,
  /** Looking whether each option of a union has its discriminator, which would make them all. From source it is done. */
  'core/schemas.js':
    /def\.options\.forEach\(\(option, i\) => \{\s+const propShape = util\.rawShape\([^]*?\n {4}\}\);/,
};

/**
 * The code of zod without what makes schemas that nobody asks for.
 * @param id of the module: its path
 * @returns null where there is nothing to leave out
 */
export function withoutLooks(code: string, id: string): string | null {
  const path = id.replaceAll(sep, '/');
  for (const [file, look] of Object.entries(leftOut)) {
    if (!path.endsWith(`/zod/v4/${file}`)) continue;
    if (!look.test(code)) throw new Error(`Not what it was: ${id}`);
    return code.replace(look, '');
  }
  return null;
}

export const plainSchemas: Plugin = { name: 'plain-schemas', transform: withoutLooks };
