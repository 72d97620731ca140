import { RE2JS } from 're2js';
import type { LineTest } from '../core/detect/compiled.ts';

/**
 * Makes the test of a log detector. A literal is compared as it stands; a regular expression is RE2’s, which takes time
 * in proportion to the line whatever it says. Throws where the expression is not understood.
 */
export const lineTest: LineTest = ({ literal, regex, ignore_case: ignoreCase, scope: { field } }) => {
  const text = textTest(literal, regex, ignoreCase);
  return field === undefined ? text : (line) => text(fieldOf(line, field));
};

function textTest(
  literal: string | undefined,
  regex: string | undefined,
  ignoreCase: boolean,
): (text: string) => boolean {
  if (regex !== undefined) {
    const compiled = RE2JS.compile(regex, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    return (line) => compiled.matcher(line).find();
  }
  const wanted = ignoreCase ? (literal ?? '').toLowerCase() : (literal ?? '');
  if (!ignoreCase) return (line) => line.includes(wanted);
  return (line) => line.toLowerCase().includes(wanted);
}

/** A field of a JSON line; empty where there is none. */
function fieldOf(line: string, field: string): string {
  if (!line.trimStart().startsWith('{')) return '';
  try {
    let value: unknown = JSON.parse(line);
    for (const part of field.split('.'))
      value =
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
  } catch {
    return '';
  }
}
