import { widthOf } from './width.ts';

/**
 * Breaks lines that are longer than the terminal between words, where the terminal would break them anywhere; what follows is
 * indented. A word that is longer than a line, such as an address, is left to the terminal, so that it can be copied.
 * @param width columns; 0: there is no terminal, and nothing is broken
 */
export function wrap(text: string, width: number): string {
  if (width < 20) return text;
  return text
    .split('\n')
    .map((line) => (line.length <= width || widthOf(line) <= width ? line : broken(line, width)))
    .join('\n');
}

function broken(line: string, width: number): string {
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  const hang = ' '.repeat(Math.min(indent + 2, Math.floor(width / 2)));
  const rows: string[] = [];
  let row = '';
  let taken = 0;
  for (const part of line.split(/(?<=\S)(?= )/)) {
    const size = widthOf(part);
    if (taken > 0 && row.trim() !== '' && taken + size > width) {
      rows.push(row);
      row = hang + part.trimStart();
      taken = widthOf(row);
    } else {
      row += part;
      taken += size;
    }
  }
  return [...rows, row].join('\n');
}
