import { PluginIndexEntry } from '@vigiles/contract';

/** Entries of one page. */
export const pageEntries = 100;

/** Text of a page, as it is hashed, kept and sent. */
export const pageBody = (entries: readonly PluginIndexEntry[]): string => JSON.stringify({ entries });

/**
 * Entries of a page that was checked against its digest. One that this version does not understand is left out: a newer
 * Vigiles may publish what this one could not install anyway.
 */
export function entriesOf(body: string): PluginIndexEntry[] {
  const { entries } = JSON.parse(body) as { entries?: unknown };
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry) => {
    const parsed = PluginIndexEntry.safeParse(entry);
    return parsed.success ? [parsed.data] : [];
  });
}

/** The first version whose package is another one than before, or null: a version never changes once it is published. */
export function rewritten(
  before: readonly PluginIndexEntry[],
  after: readonly PluginIndexEntry[],
): string | null {
  const key = ({ manifest }: PluginIndexEntry) => `${manifest.id}@${manifest.version}`;
  const known = new Map<string, string>();
  for (const entry of before) known.set(key(entry), entry.sha512);
  for (const entry of after) {
    const digest = known.get(key(entry));
    if (digest !== undefined && digest !== entry.sha512) return key(entry);
    known.set(key(entry), entry.sha512);
  }
  return null;
}
