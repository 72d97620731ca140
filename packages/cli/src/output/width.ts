import { characters } from './characters.ts';

/* oxlint-disable no-control-regex -- our own colours are taken out */
const colours = /\u001B\[[0-9;]*m/g;

/** Ranges that take two columns: East Asian Width W and F (Unicode Standard Annex 11), and emoji shown as pictures. */
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2ff],
  [0x20000, 0x3fffd],
];

function widthOfCharacter(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0xad ? 0 : 1;
  if (/^[\p{Mark}\p{Cf}]+$/u.test(character)) return 0;
  if (/\p{Emoji_Presentation}/u.test(character) || character.includes('\uFE0F')) return 2;
  return wide.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** Columns that a text takes on a terminal; our colours take none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of characters(text.replace(colours, ''))) width += widthOfCharacter(character);
  return width;
}

/** At most so many columns, the last one an ellipsis. Colours stay, and end where the text is cut. */
export function fit(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let left = Math.max(0, columns - 1);
  let kept = '';
  let coloured = false;
  for (const part of text.split(/(\u001B\[[0-9;]*m)/)) {
    if (part.startsWith('\u001B')) {
      kept += part;
      coloured = true;
      continue;
    }
    for (const character of characters(part)) {
      const width = widthOfCharacter(character);
      if (width > left)
        return `${kept}…${coloured ? '\u001B[0m' : ''}`.slice(0, columns <= 0 ? 0 : undefined);
      kept += character;
      left -= width;
    }
  }
  return kept;
}
