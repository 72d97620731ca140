/** Cuts a stream of text into lines. What an agent writes is hostile: a line without an end is dropped, not kept. */
export interface LineSplitter {
  /** @returns the whole lines that are complete now, without line breaks */
  push(chunk: string): string[];
  /** How many lines were dropped because they were too long. */
  dropped(): number;
}

/** @param maxLength longest line that is passed on, in UTF-16 units */
export function createLineSplitter(maxLength: number): LineSplitter {
  let parts: string[] = [];
  let length = 0;
  let skipping = false;
  let dropped = 0;

  const keep = (part: string): void => {
    if (skipping) return;
    length += part.length;
    if (length > maxLength) {
      skipping = true;
      dropped += 1;
      parts = [];
    } else if (part !== '') parts.push(part);
  };
  const end = (): string | null => {
    const line = skipping ? null : parts.join('').replace(/\r$/, '');
    parts = [];
    length = 0;
    skipping = false;
    return line === '' ? null : line;
  };
  return {
    push(chunk) {
      const lines: string[] = [];
      let from = 0;
      for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', from)) {
        keep(chunk.slice(from, at));
        from = at + 1;
        const line = end();
        if (line !== null) lines.push(line);
      }
      keep(chunk.slice(from));
      return lines;
    },
    dropped: () => dropped,
  };
}
