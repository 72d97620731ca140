import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { dailyPath, dayOf, lastPart, pruneDaily } from './daily-file.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** How much of a log is kept. */
export interface LogKeep {
  days: number;
  /** A file that would grow beyond this is followed by another part of the day. */
  fileBytes: number;
  /** All files of the log together. */
  totalBytes: number;
}

const usualKeep: LogKeep = { days: 14, fileBytes: 67_108_864, totalBytes: 1_073_741_824 };

/** What the configuration says about it. */
export const keepOf = (log: { keep_days: number; max_file_mb: number; max_total_mb: number }): LogKeep => ({
  days: log.keep_days,
  fileBytes: Math.round(log.max_file_mb * 1_048_576),
  totalBytes: Math.round(log.max_total_mb * 1_048_576),
});

export interface FileLogOptions {
  /** Files go to `<home>/logs`. */
  home: string;
  level: LogLevel;
  keep: Partial<LogKeep>;
  redactor: Redactor;
  /** Start of the file name; every process that writes at the same time has its own. */
  name?: string;
  clock?: Clock;
  /** Gets every clean line as well: for a daemon whose standard error goes to the journal. */
  echo?: (line: string) => void;
}

/** The process's log sink. */
export interface FileLog {
  log: Log;
  setLevel(level: LogLevel): void;
  setKeep(keep: Partial<LogKeep>): void;
  /** The file written to now. */
  path(): string;
  /** Puts everything on disk and ends; later lines are dropped. */
  close(): void;
}

/** How long a line waits for others, ms. */
const flushAfterMs = 250;

const asLog = (logger: Logger, clean: (fields: object) => object): Log => ({
  debug: (fields, message) => logger.debug(clean(fields), message),
  info: (fields, message) => logger.info(clean(fields), message),
  warn: (fields, message) => logger.warn(clean(fields), message),
  error: (fields, message) => logger.error(clean(fields), message),
  child: (fields) => asLog(logger.child(clean(fields)), clean),
});

/**
 * JSON lines in one file a day (UTC) or several parts of it, mode 0600, buffered for a quarter of a second and flushed at exit.
 * Secret fields are blotted out by name, registered secret values and token shapes wherever they appear.
 * A full disk costs log lines, never the process.
 */
export function createFileLog(options: FileLogOptions): FileLog {
  const { home, redactor, name = 'vigiles', clock = systemClock, echo } = options;
  const folder = join(home, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let keep = { ...usualKeep, ...options.keep };
  let day = dayOf(clock.now());
  let part = lastPart(folder, name, clock.now());
  let path = dailyPath(folder, name, clock.now(), part);
  let written = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  let closed = false;

  const file = pino.destination({
    dest: path,
    mkdir: true,
    append: true,
    mode: 0o600,
    // Written in blocks, so that a block costs one short write; sync, so that the end of the process loses nothing.
    sync: true,
    minLength: 8192,
    maxLength: 8_388_608,
  });
  file.on('error', () => undefined);

  /** Runs while there are lines that were not flushed. */
  let waiting: NodeJS.Timeout | null = null;
  const flush = () => {
    if (!waiting) return;
    clearTimeout(waiting);
    waiting = null;
    try {
      file.flushSync();
    } catch {
      // The disk is full: nothing more can be done here.
    }
  };

  /** Goes on in another file where the day is over or this one is full. */
  const rotate = (bytes: number) => {
    const today = dayOf(clock.now());
    const full = written > 0 && written + bytes > keep.fileBytes;
    if (today === day && !full) return;
    part = today === day ? part + 1 : 0;
    day = today;
    path = dailyPath(folder, name, clock.now(), part);
    written = 0;
    flush();
    file.reopen(path);
    void pruneDaily(folder, name, keep, clock.now());
  };

  const sink = {
    write(line: string) {
      if (closed) return;
      const clean = redactor.text(line);
      const bytes = Buffer.byteLength(clean);
      rotate(bytes);
      written += bytes;
      waiting ??= setTimeout(flush, flushAfterMs).unref();
      file.write(clean);
      echo?.(clean);
    },
  };
  const logger = pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: () => `,"time":${clock.now()}`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => error },
    },
    sink,
  );

  process.on('exit', flush);
  void pruneDaily(folder, name, keep, clock.now());

  return {
    log: asLog(logger, (fields) => redactor.data(fields) as object),
    setLevel(level) {
      logger.level = level;
    },
    setKeep(next) {
      keep = { ...keep, ...next };
      void pruneDaily(folder, name, keep, clock.now());
    },
    path: () => path,
    close() {
      if (closed) return;
      closed = true;
      process.off('exit', flush);
      flush();
      file.end();
    },
  };
}
