import { readdir, stat } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import { openFile } from '../../../../platform/files/open-file.ts';

/** What a follower needs of an open file. */
export interface OpenFile {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  stat(options: { bigint: true }): Promise<BigIntStats>;
  close(): Promise<void>;
}

/** The file system as a follower sees it: an argument, so that lost permissions can be tested as any user. */
export interface FollowFiles {
  open(path: string): Promise<OpenFile>;
  stat(path: string): Promise<BigIntStats>;
  names(folder: string): Promise<string[]>;
}

export const systemFiles: FollowFiles = {
  open: openFile,
  stat: (path) => stat(path, { bigint: true }),
  names: (folder) => readdir(folder),
};

/** Device and inode in one text. Reused by the system once nobody holds the file: never enough alone. */
export const inodeOf = (stats: BigIntStats): string => `${stats.dev}:${stats.ino}`;
