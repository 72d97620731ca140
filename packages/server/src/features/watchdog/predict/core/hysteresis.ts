/** Times in a row that something has to be foreseen before it is said, and not to be before it is taken back. */
const toRaise = 3;
const toClear = 6;

export interface Standing {
  seen: number;
  missed: number;
  raised: boolean;
}

export const newStanding = (): Standing => ({ seen: 0, missed: 0, raised: false });

/** What follows from one more look. */
export function stand(
  before: Standing,
  foreseen: boolean,
): { next: Standing; change: 'raised' | 'cleared' | null } {
  const seen = foreseen ? before.seen + 1 : 0;
  const missed = foreseen ? 0 : before.missed + 1;
  if (!before.raised && seen >= toRaise) return { next: { seen, missed, raised: true }, change: 'raised' };
  if (before.raised && missed >= toClear) return { next: { seen, missed, raised: false }, change: 'cleared' };
  return { next: { seen, missed, raised: before.raised }, change: null };
}
