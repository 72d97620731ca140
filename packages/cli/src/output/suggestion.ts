const bigrams = (word: string) =>
  new Set(Array.from(` ${word}`).map((letter, i, all) => letter + (all[i + 1] ?? ' ')));

/** `; did you mean "status"?` when one of the known words is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const own = bigrams(word);
  let best = '';
  let most = 0;
  for (const candidate of known) {
    const theirs = bigrams(candidate);
    const shared = [...own].filter((pair) => theirs.has(pair)).length;
    const score = (2 * shared) / (own.size + theirs.size);
    if (score > most) [best, most] = [candidate, score];
  }
  return most >= 0.4 ? `; did you mean "${best}"?` : '';
}
