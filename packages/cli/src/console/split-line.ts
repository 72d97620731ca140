/** A line as words; quotes keep spaces together. `open`: the last word has no end yet. */
export function splitLine(line: string): { words: string[]; open: boolean } {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (const letter of line) {
    if (quote !== '') {
      if (letter === quote) quote = '';
      else word = (word ?? '') + letter;
    } else if (letter === '"' || (letter === "'" && word === null)) {
      quote = letter;
      word ??= '';
    } else if (/\s/.test(letter)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + letter;
  }
  if (word !== null) words.push(word);
  return { words, open: word !== null };
}
