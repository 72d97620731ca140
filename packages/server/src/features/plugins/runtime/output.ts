import type { Readable } from 'node:stream';

export interface Output {
  /** The last lines, for people. */
  tail(): string[];
  /** Resolves when nothing more comes. */
  ended: Promise<void>;
}

const keepLines = 200;
const longestLine = 500;
const bytesPerSecond = 262_144;

/**
 * What a plugin prints. The last lines are kept; what comes faster than we care to read waits at the plugin's end and counts as
 * its memory, so that a flood costs nobody else anything.
 */
export function readOutput(stream: Readable, now: () => number): Output {
  const lines: string[] = [];
  let rest = '';
  let windowAt = now();
  let bytes = 0;
  stream.setEncoding('utf8');
  stream.on('error', () => undefined);
  stream.on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = (parts.pop() ?? '').slice(-longestLine);
    for (const part of parts.slice(-keepLines)) lines.push(part.slice(0, longestLine));
    if (lines.length > keepLines) lines.splice(0, lines.length - keepLines);
    if (now() - windowAt > 1000) {
      windowAt = now();
      bytes = 0;
    }
    bytes += text.length;
    if (bytes > bytesPerSecond) {
      stream.pause();
      setTimeout(() => stream.resume(), 1000).unref();
      bytes = 0;
    }
  });
  const ended = new Promise<void>((resolve) => void stream.once('end', resolve).once('close', resolve));
  return { ended, tail: () => (rest === '' ? [...lines] : [...lines, rest]) };
}
