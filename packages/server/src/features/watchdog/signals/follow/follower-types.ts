import type { Log } from '../../../../kernel/log.ts';
import type { LineBlock } from './line-block.ts';

/** What is followed. */
export interface FollowSource {
  /** Absolute path of a file, or with `*` and `?` in its last part: every file that matches, now or later. */
  path: string;
  /**
   * Where a file begins that exists when it is first followed: `end` (what was written before does not count) or `start`.
   * Files that appear later are read from their start.
   */
  from?: 'start' | 'end';
}

/** Something a reader should know about a file: told, never thrown. */
export interface FollowNotice {
  path: string;
  kind: 'rotated' | 'truncated' | 'line_cut' | 'unreadable' | 'readable' | 'too_many_files';
  detail: string;
}

export interface FollowerDeps {
  log: Log;
  /** Takes a block. Reading goes on when it has settled; a failure is logged, and the block counts as taken. */
  onLines(block: LineBlock): void | Promise<void>;
  onNotice?(notice: FollowNotice): void;
  /** Positions of an earlier run, as `positions()` gave them. */
  positions?: readonly SavedPosition[];
  /** Milliseconds between looks when nothing was announced by the system; 1,000 unless set. */
  pollMs?: number;
}

/** How far a file was read, and what it looked like: its content, not only its name, says which file it is. */
export interface SavedPosition {
  /** Name it had when it was followed. */
  path: string;
  device: string;
  inode: string;
  /** End of the last whole line that was handed on. */
  offset: number;
  /** First bytes of the file, at most 256, base64. */
  head: string;
  /** Last bytes before `offset`, at most 64, base64. */
  tail: string;
}

export interface Follower {
  start(): Promise<void>;
  /** Looks now, and resolves when all that was there has been handed on. */
  poll(): Promise<void>;
  /** For the next run, in any order; bounded by the number of files. */
  positions(): SavedPosition[];
  /** Files that are followed now. */
  files(): { path: string; offset: number; readable: boolean }[];
  stop(): Promise<void>;
}
