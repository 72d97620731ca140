import { isHeadCode } from './candidates.ts';

/** `look`: something may begin or end here. Else nothing does, and this is how the text leaves its last line. */
export type Glance = 'look' | 'blank' | 'begun';

/** ASCII characters that do nothing but end the white space at the beginning of a line. */
const plain = new Uint8Array(128).fill(1);
for (const mark of '\t\n\r `~<[{') plain[mark.charCodeAt(0)] = 0;

/**
 * One look at each character of a piece of prose, for the nearly all of it in which nothing is to be found: nothing is
 * made and nothing is kept.
 * @param lineBlank nothing but white space stands before it on its line
 * @param quoted it stands in a fence or in inline code
 * @param linesPlain a new line changes nothing but that
 */
export function glance(text: string, lineBlank: boolean, quoted: boolean, linesPlain: boolean): Glance {
  let blank = lineBlank;
  for (let at = 0; at < text.length; at++) {
    const mark = text.charCodeAt(at);
    if (mark > 127 || plain[mark] === 1) {
      if (!blank) continue;
      if (!quoted && isHeadCode(mark)) return 'look';
      blank = false;
    } else if (mark === 10) {
      if (!linesPlain) return 'look';
      blank = true;
    } else if (mark === 96 || mark === 126) return 'look';
    else if (mark === 60 || mark === 91 || mark === 123) {
      if (!quoted && (blank || startsMarkup(mark, text, at))) return 'look';
      blank = false;
    }
  }
  return blank ? 'blank' : 'begun';
}

/**
 * Whether markup can begin here in the middle of a line: `<` and anything but a blank or `=`, or `[TOOL_CALLS]`. Words
 * and single brackets begin a call only where a line begins.
 */
function startsMarkup(mark: number, text: string, at: number): boolean {
  if (mark !== 60 && mark !== 91) return false;
  if (at + 1 === text.length) return true;
  const next = text.charCodeAt(at + 1);
  return mark === 91 ? next === 84 : next > 32 && next !== 61;
}
