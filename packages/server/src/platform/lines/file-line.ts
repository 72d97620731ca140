/** One whole line of a file. */
export interface FileLine {
  /** Byte offset of its first byte. */
  start: number;
  /** Byte offset behind its line break. */
  end: number;
  /** Without the line break; of a line that is too long only its beginning, with an ellipsis. */
  text: string;
}

/** More of one line is not kept: a program that never breaks its lines must not fill the memory. */
export const longestLineBytes = 131_072;

/** How much is read at a time. */
export const blockBytes = 65_536;

/** A line's bytes as text; a carriage return before the break belongs to the break. */
export function lineText(bytes: Buffer, cut: boolean): string {
  const kept = bytes.subarray(0, longestLineBytes);
  const text = kept.toString('utf8');
  if (cut || kept.length < bytes.length) return `${text}…`;
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
