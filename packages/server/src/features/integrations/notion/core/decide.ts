/** What stood in both places when they were last in step: hashes of the texts. */
export interface Base {
  local: string;
  remote: string;
}

export type Step = 'in_step' | 'pull' | 'push' | 'conflict';

/**
 * What is to be done with a page and its file. Whoever changed alone is followed; where both did, nothing is overwritten.
 * @param local hash of the file as it reads in canonical Markdown; null: there is none
 * @param remote the same of the page; null: the page has no content
 * @param base null: they were never in step
 */
export function decide(local: string | null, remote: string | null, base: Base | null): Step {
  if (local === remote) return 'in_step';
  // A file that is gone comes back; to end it, the page is taken out of the configuration.
  if (local === null) return 'pull';
  if (!base) return remote === null ? 'push' : 'conflict';
  const [mine, theirs] = [local !== base.local, (remote ?? '') !== base.remote];
  if (mine && theirs) return 'conflict';
  if (mine) return 'push';
  return theirs ? 'pull' : 'in_step';
}
