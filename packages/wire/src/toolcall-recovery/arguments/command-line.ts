import type { JsonSchema } from '../../canonical/index.ts';
import { asRecord } from '../../json/read.ts';
import { plainSpelling } from './near-names.ts';
import { propertiesOf, typesOf } from './schema.ts';

const COMMAND_NAMES = new Set(['cmd', 'command']);

/** The property of a tool that takes a command to run, and whether it takes words or one line. */
export function commandProperty(schema: JsonSchema): { name: string; words: boolean } | undefined {
  for (const [name, property] of Object.entries(propertiesOf(schema))) {
    if (!COMMAND_NAMES.has(plainSpelling(name))) continue;
    const types = typesOf(property) ?? [];
    if (types.includes('string')) return { name, words: false };
    const items = typesOf(asRecord(property)?.['items']);
    if (types.includes('array') && items?.includes('string')) return { name, words: true };
  }
  return undefined;
}

/** One line for a tool that takes words: the shell reads it, as the model meant it. */
export function asWords(line: string): string[] {
  return /^[\w./-]+$/.test(line) ? [line] : ['bash', '-lc', line];
}
