/** Whole lines of one file, as they lie in it. */
export interface LineBlock {
  /** Path of the file that is followed; a rotated file goes on under the name it had. */
  path: string;
  /** Lines with their `\n`; only the last may lack it. Valid until the receiver's promise is settled. */
  bytes: Buffer;
  /** Where `bytes` begins in the file. */
  offset: number;
  /** The one line in it was longer than a line may be: this is its beginning, the rest was left out. */
  cut: boolean;
  /** The last line has no end and will not get one: its file was rotated away. */
  unfinished: boolean;
}

/** Longest line that is handed on whole. */
export const longestLineBytes = 65_536;

/** The lines of a block as text, without their ends. For those who want each line; matchers read the bytes. */
export function* linesOf({ bytes }: LineBlock): Generator<string> {
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    yield bytes.toString('utf8', start, end > start && bytes[end - 1] === 13 ? end - 1 : end);
    start = end + 1;
  }
}
