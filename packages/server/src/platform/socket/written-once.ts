import type { Frame } from './outlet.ts';

/**
 * Writes lines once for all clients that get the same ones. Those who do are given the same array, which is what tells: one
 * that was filtered is another, and written anew.
 */
export function writtenOnce<Line>(write: (lines: readonly Line[]) => Frame) {
  const written = new WeakMap<readonly Line[], Frame>();
  return (lines: readonly Line[]): Frame => {
    const frame = written.get(lines) ?? write(lines);
    written.set(lines, frame);
    return frame;
  };
}
