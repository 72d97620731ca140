import {
  closeSync,
  copyFileSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs';

/** Size of a file in bytes; 0 when there is none. */
const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Keeps `<path>.1` … `<path>.<keep>`; the oldest falls off. */
function shiftOld(path: string, keep: number): void {
  for (let number = keep - 1; number >= 1; number -= 1) {
    if (sizeOf(`${path}.${number}`) > 0) renameSync(`${path}.${number}`, `${path}.${number + 1}`);
  }
}

/** Before a start nobody writes: the file is simply moved. */
export function rotateIdleLog(path: string, maxBytes: number, keep: number): boolean {
  if (sizeOf(path) <= maxBytes) return false;
  shiftOld(path, keep);
  renameSync(path, `${path}.1`);
  return true;
}

/**
 * While the child writes it cannot be moved: the child holds the file itself, so that it survives us. It is
 * copied and emptied; the child appends (O_APPEND), so it goes on at the new beginning. What is written between
 * copy and emptying is lost: at most a few milliseconds, once per `maxBytes`.
 */
export function rotateLiveLog(path: string, maxBytes: number, keep: number): boolean {
  if (sizeOf(path) <= maxBytes) return false;
  shiftOld(path, keep);
  copyFileSync(path, `${path}.1`);
  truncateSync(path, 0);
  return true;
}

/** The last lines of a file, read from its end; at most `maxBytes` of it. Empty when there is no file. */
export function tailLines(path: string, lines: number, maxBytes = 256 * 1024): string[] {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return [];
  }
  try {
    const size = fstatSync(descriptor).size;
    const length = Math.min(size, maxBytes);
    const buffer = Buffer.alloc(length);
    const read = readSync(descriptor, buffer, 0, length, size - length);
    const found = buffer.toString('utf8', 0, read).split('\n');
    // The first line may have been cut in the middle.
    if (length < size) found.shift();
    if (found.at(-1) === '') found.pop();
    return found.slice(-lines).map((line) => line.slice(0, 4000));
  } finally {
    closeSync(descriptor);
  }
}
