import type { IncidentEntry } from '@vigiles/contract';

/**
 * Entries that say the same thing again right after one another, as one: the first, with what the others add to its
 * detail and evidence. A verification is begun by the action and once more by the incident.
 */
export function foldEntries(entries: readonly IncidentEntry[]): IncidentEntry[] {
  const folded: IncidentEntry[] = [];
  for (const entry of entries) {
    const last = folded.at(-1);
    const same = last && last.kind === entry.kind && last.title === entry.title && last.tier === entry.tier;
    if (!same || entry.kind !== 'verification') {
      folded.push(entry);
      continue;
    }
    const known = last.detail.split('; ').includes(entry.detail) || entry.detail === '';
    folded[folded.length - 1] = {
      ...last,
      detail: known ? last.detail : [last.detail, entry.detail].filter((text) => text !== '').join('; '),
      evidence: { ...entry.evidence, ...last.evidence },
    };
  }
  return folded;
}
