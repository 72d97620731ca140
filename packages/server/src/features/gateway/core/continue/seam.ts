/** How the second part of a text is put to the first. */
export interface Seam {
  /** Characters at the start of the second part that are said already, or belong to no part. */
  skip: number;
  /** What stands between the two. */
  insert: string;
  /** `overlap`: the end of the first part was found again; `plain`: nothing was. */
  kind: 'overlap' | 'fence' | 'plain';
}

/** Characters of the end that a model is asked to begin with. */
const ANCHOR = 48;

/** So much of the second part is looked at before anything of it is shown. */
export const LOOK_AHEAD = 400;

/** Shorter repetitions are taken for the text's own. */
const LEAST_OVERLAP = 12;
const LEAST_WORDS_OVERLAP = 8;
const LEAST_LINE_OVERLAP = 4;

/** The last characters of a text, begun at a word: what the next part is asked to begin with. */
export function anchorOf(text: string): string {
  const end = text.slice(-ANCHOR);
  if (end.length === text.length) return end;
  const word = end.search(/\s\S/);
  return word === -1 || word > ANCHOR / 2 ? end : end.slice(word + 1);
}

/**
 * Finds where the second part really begins. Models repeat the words they were asked to begin with, often a whole line,
 * and open a code fence again that was never closed.
 * @param prefilled the provider went on in the very same message: nothing is repeated
 */
export function findSeam(before: string, head: string, prefilled: boolean): Seam {
  if (prefilled) {
    // The end was sent without its trailing blanks, which come again.
    const blanks = /\s+$/.exec(before)?.[0] ?? '';
    return { skip: sharedLength(blanks, head), insert: '', kind: 'plain' };
  }
  const anchor = anchorOf(before);
  const at = head.indexOf(anchor);
  // A quote or an ellipsis may come first; further in, the words are the text's own.
  if (anchor.trim().length >= LEAST_LINE_OVERLAP && at !== -1 && at <= 8 && !/\w/.test(head.slice(0, at))) {
    return { skip: at + anchor.length, insert: '', kind: 'overlap' };
  }
  const overlap = longestOverlap(before, head);
  if (overlap > 0) return { skip: overlap, insert: '', kind: 'overlap' };
  const fence = reopenedFence(before, head);
  if (fence > 0) {
    const rest = longestOverlap(before, head.slice(fence));
    return { skip: fence + rest, insert: '', kind: 'fence' };
  }
  // A sentence ended: a blank is missing for sure. Inside a word nobody can tell.
  return { skip: 0, insert: /[.!?,:;]$/.test(before) && /^[\p{L}\d]/u.test(head) ? ' ' : '', kind: 'plain' };
}

/** How much of the end of one text the other one begins with. */
function longestOverlap(before: string, head: string): number {
  const most = Math.min(before.length, head.length, LOOK_AHEAD);
  for (let length = most; length >= LEAST_LINE_OVERLAP; length -= 1) {
    if (!before.endsWith(head.slice(0, length))) continue;
    const words =
      length >= LEAST_WORDS_OVERLAP && /^\S+ \S/.test(head) && /\s/.test(before.at(-length - 1) ?? ' ');
    const startsLine = before.length === length || before[before.length - length - 1] === '\n';
    if (length >= LEAST_OVERLAP || startsLine || words) return length;
  }
  return 0;
}

function sharedLength(first: string, second: string): number {
  let length = 0;
  while (length < first.length && first[length] === second[length]) length += 1;
  return length;
}

/** Length of a fence line that opens a block which is open already. */
function reopenedFence(before: string, head: string): number {
  const open = (before.match(/^```/gm)?.length ?? 0) % 2 === 1;
  return open ? (/^\s*```[\w+-]*\r?\n/.exec(head)?.[0].length ?? 0) : 0;
}
