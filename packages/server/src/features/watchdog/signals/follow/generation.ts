import type { BigIntStats } from 'node:fs';
import { inodeOf, type OpenFile } from './follow-files.ts';

const headBytes = 256;
const tailBytes = 64;
const mostMarks = 8;

/** What is remembered of a file: enough to know it again under another name, as a copy, or after a restart. */
export interface Mark {
  inode: string;
  /** End of the last whole line that was handed on. */
  offset: number;
  /** The first bytes that were handed on. */
  head: Buffer;
  /** The last bytes before `offset`. */
  tail: Buffer;
  /** The rest of a line that was too long is still to come. */
  skipping: boolean;
}

/** One file in the life of a log: the live one, or one that was rotated away and is read to its end. */
export interface Generation extends Mark {
  handle: OpenFile;
  /** Ends of the last blocks: a copy may have been made before the last of them was written. */
  earlier: { offset: number; tail: Buffer }[];
  /** Time of the last change when it was last looked at. */
  changedNs: bigint;
  /** Monotonic ms when it last grew. */
  grewAt: number;
}

/** A file that begins here, as far as it is known. */
export const generationOf = (
  handle: OpenFile,
  stats: BigIntStats,
  now: number,
  mark?: Omit<Mark, 'inode'>,
): Generation => ({
  handle,
  inode: inodeOf(stats),
  offset: mark?.offset ?? 0,
  head: mark?.head ?? Buffer.alloc(0),
  tail: mark?.tail ?? Buffer.alloc(0),
  skipping: mark?.skipping ?? false,
  earlier: [],
  changedNs: -1n,
  grewAt: now,
});

/** Goes on behind `bytes`, which were handed on. Copies what it keeps. */
export function advance(generation: Generation, bytes: Buffer): void {
  const { head, tail, offset } = generation;
  if (head.length < headBytes && head.length === offset)
    generation.head = Buffer.concat([head, bytes.subarray(0, headBytes - head.length)]);
  generation.tail =
    bytes.length >= tailBytes
      ? Buffer.from(bytes.subarray(-tailBytes))
      : Buffer.concat([tail, bytes]).subarray(-tailBytes);
  generation.offset = offset + bytes.length;
  generation.earlier = [...generation.earlier, { offset: generation.offset, tail: generation.tail }].slice(
    -mostMarks,
  );
}

/** Begins again: the file was emptied. */
export function restartGeneration(generation: Generation): void {
  Object.assign(generation, {
    offset: 0,
    head: Buffer.alloc(0),
    tail: Buffer.alloc(0),
    skipping: false,
    earlier: [],
    changedNs: -1n,
  });
}

async function holds(handle: OpenFile, at: number, bytes: Buffer): Promise<boolean> {
  if (bytes.length === 0) return true;
  const found = Buffer.alloc(bytes.length);
  const { bytesRead } = await handle.read(found, 0, bytes.length, at);
  return bytesRead === bytes.length && found.equals(bytes);
}

/** Whether a file has the content that was read: the same beginning, and the same bytes before the place reached. */
export async function hasContent(
  handle: OpenFile,
  { head, tail, offset }: Pick<Mark, 'head' | 'tail' | 'offset'>,
): Promise<boolean> {
  return (await holds(handle, 0, head)) && (await holds(handle, offset - tail.length, tail));
}

/**
 * Where to go on in a copy of what was read; null when it is no copy. A copy that was made before the last blocks were
 * written is shorter than what was read: nothing of it is new.
 */
export async function placeInCopy(
  copy: OpenFile,
  size: number,
  generation: Mark & Partial<Pick<Generation, 'earlier'>>,
): Promise<number | null> {
  if (size >= generation.offset) return (await hasContent(copy, generation)) ? generation.offset : null;
  for (const { offset, tail } of (generation.earlier ?? []).toReversed()) {
    if (offset > size) continue;
    const head = generation.head.subarray(0, offset);
    return (await hasContent(copy, { offset, tail, head })) ? size : null;
  }
  return null;
}

/** The mark of a file whose content up to `offset` counts as read, because it was there before us. */
export async function markExisting(handle: OpenFile, offset: number): Promise<Omit<Mark, 'inode'>> {
  const read = async (at: number, length: number) => {
    const found = Buffer.alloc(length);
    const { bytesRead } = await handle.read(found, 0, length, at);
    return found.subarray(0, bytesRead);
  };
  const tailStart = Math.max(0, offset - tailBytes);
  return {
    offset,
    head: await read(0, Math.min(headBytes, offset)),
    tail: await read(tailStart, offset - tailStart),
    skipping: false,
  };
}

/** Where the last whole line of a file ends; a file whose last 64 KB are one line ends where it ends. */
export async function endOfLines(handle: OpenFile, size: number): Promise<number> {
  const length = Math.min(size, 65_536);
  const found = Buffer.alloc(length);
  const { bytesRead } = await handle.read(found, 0, length, size - length);
  const last = found.subarray(0, bytesRead).lastIndexOf(10);
  return last < 0 ? (length < size ? size : 0) : size - length + last + 1;
}
