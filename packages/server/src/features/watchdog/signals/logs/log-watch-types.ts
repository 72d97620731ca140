import type { LogLevel, LogPattern } from '../match/pattern.ts';

/** A log to be watched, with the names it has for patterns (`service:api`, `file:/var/log/api.log`, its own). */
export interface WatchedLog {
  /** Unique among the watched logs. */
  id: string;
  names: readonly string[];
  format: 'auto' | 'text';
  from: 'start' | 'end';
  kind: 'file' | 'journal' | 'container';
  /** Path or pattern of a file, systemd unit, or name of a container. */
  where: string;
}

/** A pattern was seen in a line. */
export interface LogSighting {
  /** Id of the log. */
  log: string;
  /** Id of the pattern. */
  pattern: string;
  /** UTC ms when it was read. */
  at: number;
  /** The line, at most 4 KB, without registered secrets. Hostile. */
  line: string;
  level: LogLevel | null;
  /** The file it stood in, and where; null for what is no file. */
  path: string | null;
  offset: number;
  /** How many lines of the same block this stands for; 1 except in a storm. */
  times: number;
}

/** What is wrong with a log, for people; `ok` when it is read again. */
export interface LogProblem {
  log: string;
  kind: string;
  detail: string;
}

/** Asked of the thread. */
export type ToLogThread =
  | { kind: 'watch'; logs: readonly WatchedLog[]; patterns: readonly LogPattern[] }
  /** So many sightings were taken: more may come. */
  | { kind: 'taken'; count: number }
  | { kind: 'look'; id: number }
  | { kind: 'stop' };

/** Told by the thread. */
export type FromLogThread =
  | { kind: 'sightings'; sightings: readonly LogSighting[] }
  | { kind: 'problem'; problem: LogProblem }
  | { kind: 'refused'; message: string }
  | { kind: 'looked'; id: number }
  | { kind: 'stopped' };
