import { isHeadCode } from './candidates.ts';
import type { CodeState } from './prose/code-state.ts';

/** ASCII characters that do nothing but end the white space at the beginning of a line. */
const plain = new Uint8Array(128).fill(1);
for (const mark of '\t\n\r `~<[{') plain[mark.charCodeAt(0)] = 0;
/** Those that may matter inside a line. */
const marks = new Uint8Array(128);
for (const mark of '\n`~<[{') marks[mark.charCodeAt(0)] = 1;

/**
 * One look at each character of a piece of prose, for the nearly all of it in which nothing is to be found: nothing is
 * made. True: nothing begins or ends in it, and `code` stands where the piece ends. False: somebody has to look, and
 * nothing happened.
 * @param linesPlain what was shown ended: a new line changes nothing but that
 */
export function glance(text: string, code: CodeState, linesPlain: boolean): boolean {
  return (!code.lineBlank && !hasMarks(text)) || closerGlance(text, code, linesPlain);
}

/**
 * Whether any character means something inside a line. Nothing is decided before the end: a processor cannot foresee
 * what letters come, and a wrong guess costs it more than the rest of a word.
 */
function hasMarks(text: string): boolean {
  const { length } = text;
  let found = 0;
  for (let at = 0; at < length; at++) {
    const mark = text.charCodeAt(at);
    found |= marks[mark < 128 ? mark : 0] ?? 0;
  }
  return found !== 0;
}

function closerGlance(text: string, code: CodeState, linesPlain: boolean): boolean {
  let blank = code.lineBlank;
  for (let at = 0; at < text.length; at++) {
    const mark = text.charCodeAt(at);
    if (mark > 127 || plain[mark] === 1) {
      if (!blank) continue;
      if (isHeadCode(mark) && !code.quoted) return false;
      blank = false;
    } else if (mark === 10) {
      if (!linesPlain || code.inline) return false;
      blank = true;
    } else if (mark === 96 || mark === 126) return false;
    else if (mark === 60 || mark === 91 || mark === 123) {
      if ((blank || startsMarkup(mark, text, at)) && !code.quoted) return false;
      blank = false;
    }
  }
  code.lineBlank = blank;
  return true;
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
