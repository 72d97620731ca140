/** Letters beyond ASCII all count as the last symbol: no word has them. */
const symbols = 128;

/**
 * Finds which of many words a line holds, in one pass over its letters however many words there are (Aho and Corasick, 1975).
 * The case of ASCII letters does not matter.
 */
export interface WordIndex {
  /** Calls back with the owner of each word found; an owner may come several times. */
  scan(text: string, found: (owner: number) => void): void;
}

/** Each owner, named by its place in the list, is found by any of its words. */
export function indexWords(owners: readonly (readonly string[])[]): WordIndex {
  const most = owners.flat().reduce((sum, word) => sum + word.length, 1);
  /** Where each state goes with each symbol; 0 is the root, and while building also "nowhere". */
  const next = new Int32Array(most * symbols);
  const ends: number[][] = [[]];
  for (const [owner, words] of owners.entries())
    for (const word of words) {
      let state = 0;
      for (let at = 0; at < word.length; at += 1) {
        const slot = state * symbols + symbolAt(word, at);
        if (next[slot] === 0) next[slot] = ends.push([]) - 1;
        state = next[slot] ?? 0;
      }
      ends[state]?.push(owner);
    }
  follow(next, ends);
  return {
    scan(text, found) {
      let state = 0;
      for (let at = 0; at < text.length; at += 1) {
        state = next[state * symbols + symbolAt(text, at)] ?? 0;
        const here = ends[state];
        if (here && here.length > 0) for (const owner of here) found(owner);
      }
    },
  };
}

function symbolAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 65 && code <= 90) return code + 32;
  return code < symbols ? code : symbols - 1;
}

/** Fills in where a state goes when no word goes on: to the longest end of what was read that begins a word. */
function follow(next: Int32Array, ends: number[][]): void {
  const back = new Int32Array(ends.length);
  const queue: number[] = [];
  for (let symbol = 0; symbol < symbols; symbol += 1) if (next[symbol]) queue.push(next[symbol] ?? 0);
  for (const state of queue) {
    const behind = back[state] ?? 0;
    ends[state]?.push(...(ends[behind] ?? []));
    for (let symbol = 0; symbol < symbols; symbol += 1) {
      const slot = state * symbols + symbol;
      const other = next[behind * symbols + symbol] ?? 0;
      const target = next[slot] ?? 0;
      if (target === 0) next[slot] = other;
      else {
        back[target] = other;
        queue.push(target);
      }
    }
  }
}
