/** Takes a chunked body apart (RFC 9112, 7.1). */
export interface ChunkReader {
  /** Hands on what is in the chunks and returns what comes after the last of them. Throws when they are broken. */
  take(bytes: Buffer, keep: (data: Buffer) => void): Buffer;
  /** The last chunk and what follows it have come. */
  done(): boolean;
}

/** Longer lines hold nothing that we need. */
const longestLine = 4096;
const mostTrailers = 64;
const sizeLine = /^([0-9a-f]{1,12})[ \t]*(?:;|$)/i;
const lineFeed = 10;

export function createChunkReader(): ChunkReader {
  let part: 'size' | 'data' | 'after_data' | 'trailers' | 'done' = 'size';
  let line = '';
  let left = 0;
  let trailers = 0;

  function onLine(text: string): void {
    if (part === 'after_data') {
      if (text !== '') throw new Error('a chunk of its answer is longer than it says');
      part = 'size';
    } else if (part === 'trailers') {
      trailers += 1;
      if (trailers > mostTrailers) throw new Error('the end of its answer does not end');
      if (text === '') part = 'done';
    } else {
      const size = sizeLine.exec(text)?.[1];
      if (size === undefined) throw new Error('a chunk of its answer has no size');
      left = Number.parseInt(size, 16);
      part = left === 0 ? 'trailers' : 'data';
    }
  }

  /** Up to the end of a line, which may be in the next bytes. */
  function takeLine(bytes: Buffer): Buffer {
    const end = bytes.indexOf(lineFeed);
    line += bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
    if (line.length > longestLine) throw new Error('a line between the chunks of its answer does not end');
    if (end === -1) return bytes.subarray(bytes.length);
    const whole = line.endsWith('\r') ? line.slice(0, -1) : line;
    line = '';
    onLine(whole);
    return bytes.subarray(end + 1);
  }

  return {
    take(bytes, keep) {
      let rest = bytes;
      while (rest.length > 0 && part !== 'done') {
        if (part !== 'data') {
          rest = takeLine(rest);
          continue;
        }
        const own = rest.subarray(0, left);
        left -= own.length;
        if (left === 0) part = 'after_data';
        keep(own);
        rest = rest.subarray(own.length);
      }
      return rest;
    },
    done: () => part === 'done',
  };
}
