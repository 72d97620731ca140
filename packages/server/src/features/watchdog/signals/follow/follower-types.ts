import type { Clock } from '../../../../kernel/clock.ts';
import type { Log } from '../../../../kernel/log.ts';
import type { FollowFiles } from './follow-files.ts';
import type { LineBlock } from './line-block.ts';

/** What is followed. */
export interface FollowSource {
  /** Absolute path of a file, or with `*` and `?` in its last part: every file that matches, now or later. */
  path: string;
  /**
   * Where a file begins that exists when it is first followed: `end` (what was written before does not count; default) or
   * `start`. Files that appear later are read from their start.
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
  clock: Clock;
  /** Takes a block. Reading goes on when it has settled; a failure is logged, and the block counts as taken. */
  onLines(block: LineBlock): void | Promise<void>;
  onNotice?(notice: FollowNotice): void;
  /** Positions of an earlier run, as `positions()` gave them. */
  positions?: readonly SavedPosition[];
  /** Milliseconds between looks when nothing was announced by the system; 1,000 unless set. */
  pollMs?: number;
  /** A rotated file that did not grow for so long is closed; 30,000 unless set. */
  closeAfterMs?: number;
  files?: FollowFiles;
}

/**
 * How far a file was read, and what it looked like: its content, not only its name, says which file it is.
 * `live`: the file of that name. `older`: rotated away, still read. `known`: rotated away, done. `absent`: not there yet.
 */
export interface SavedPosition {
  role: 'live' | 'older' | 'known' | 'absent';
  /** Name the file is followed by. */
  path: string;
  inode: string;
  /** End of the last whole line that was handed on. */
  offset: number;
  /** First bytes of the file, at most 256, base64. */
  head: string;
  /** Last bytes before `offset`, at most 64, base64. */
  tail: string;
  skipping: boolean;
}

export interface FollowedFile {
  path: string;
  /** Bytes of the live file that were handed on. */
  offset: number;
  present: boolean;
  readable: boolean;
}

/** Follows files through rotation. Each whole line is handed on once, in the order of its file. */
export interface Follower {
  /** Opens what is there; resolves before anything is handed on. */
  start(): Promise<void>;
  /** Looks now, and resolves when all that was there at the call has been handed on. */
  poll(): Promise<void>;
  /** For the next run: to be asked after `stop()` for the last word. Bounded by the number of files. */
  positions(): SavedPosition[];
  files(): FollowedFile[];
  /** Ends after the block that is being handed on. */
  stop(): Promise<void>;
}
