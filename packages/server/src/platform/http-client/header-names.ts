/** What the name of a header is made of (RFC 9110, 5.6.2). */
const token = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Names that were seen, as they were written and in lower case: the same few come with every message. */
const known = new Map<string, string>();
const mostKnown = 1000;
const longestKnown = 100;

/** A header’s name in lower case; null where it cannot be one. */
export function headerNamed(written: string): string | null {
  const before = known.get(written);
  if (before !== undefined) return before;
  if (!token.test(written)) return null;
  const lower = written.toLowerCase();
  if (written.length > longestKnown) return lower;
  if (known.size >= mostKnown) known.clear();
  known.set(written, lower);
  return lower;
}
