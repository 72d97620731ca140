import { RE2JS } from 're2js';

/** A matcher of an RE2 pattern: linear in the text, whatever the pattern. Throws a sentence when it is not one. */
export function compilePattern(pattern: string): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(pattern, RE2JS.MULTILINE);
    return (text) => compiled.matcher(text).find();
  } catch (thrown) {
    throw new Error(`“${pattern}” is not a regular expression (RE2): ${(thrown as Error).message}`, {
      cause: thrown,
    });
  }
}
