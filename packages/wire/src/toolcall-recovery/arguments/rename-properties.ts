import type { JsonSchema } from '../../canonical/index.ts';
import { areSynonyms, plainSpelling } from './near-names.ts';
import { propertiesOf, requiredOf, takesAny } from './schema.ts';

/**
 * Gives properties that nobody declared the name that was meant: another spelling of a declared one, or the usual word
 * for a required one that is missing. Never where two could be meant, never over a property that is there.
 */
export function renameProperties(
  args: Record<string, unknown>,
  schema: JsonSchema,
  renamed: (from: string, to: string) => void,
): Record<string, unknown> {
  const declared = Object.keys(propertiesOf(schema));
  const strange = Object.keys(args).filter((key) => !declared.includes(key));
  if (declared.length === 0 || strange.length === 0) return args;
  const targets = new Map<string, string>();
  const free = () => declared.filter((name) => !(name in args) && ![...targets.values()].includes(name));
  const pair = (candidates: readonly string[], near: (one: string, two: string) => boolean): void => {
    for (const wanted of candidates) {
      const sources = strange.filter((key) => !targets.has(key) && near(key, wanted));
      const [source] = sources;
      if (source === undefined || sources.length > 1) continue;
      if (free().filter((name) => candidates.includes(name) && near(source, name)).length !== 1) continue;
      targets.set(source, wanted);
    }
  };
  if (!takesAny(schema)) pair(free(), (one, two) => plainSpelling(one) === plainSpelling(two));
  const required = requiredOf(schema);
  const missing = () => free().filter((name) => required.includes(name));
  pair(missing(), (one, two) => plainSpelling(one) === plainSpelling(two));
  pair(missing(), areSynonyms);
  if (targets.size === 0) return args;
  for (const [from, to] of targets) renamed(from, to);
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [targets.get(key) ?? key, value]));
}
