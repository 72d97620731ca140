import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { dailyPath, dayOf, pruneDaily } from './daily-file.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface FileLogOptions {
  /** Files go to `<home>/logs`. */
  home: string;
  level: LogLevel;
  keepDays: number;
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
  setKeepDays(days: number): void;
  /** The file written to now. */
  path(): string;
  /** Puts everything on disk and ends; later lines are dropped. */
  close(): void;
}

const flushEveryMs = 250;

const asLog = (logger: Logger, clean: (fields: object) => object): Log => ({
  debug: (fields, message) => logger.debug(clean(fields), message),
  info: (fields, message) => logger.info(clean(fields), message),
  warn: (fields, message) => logger.warn(clean(fields), message),
  error: (fields, message) => logger.error(clean(fields), message),
  child: (fields) => asLog(logger.child(clean(fields)), clean),
});

/**
 * JSON lines in one file a day (UTC), mode 0600, buffered and flushed four times a second and at exit.
 * Secret fields are blotted out by name, registered secret values and token shapes wherever they appear.
 * A full disk costs log lines, never the process.
 */
export function createFileLog(options: FileLogOptions): FileLog {
  const { home, redactor, name = 'vigiles', clock = systemClock, echo } = options;
  const folder = join(home, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let keepDays = options.keepDays;
  let day = dayOf(clock.now());
  let path = dailyPath(folder, name, clock.now());
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

  /** Lines since the last flush: a flush waits for the disk even when there is nothing to write. */
  let waiting = false;
  const flush = () => {
    if (!waiting) return;
    waiting = false;
    try {
      file.flushSync();
    } catch {
      // The disk is full: nothing more can be done here.
    }
  };

  const rotate = () => {
    const today = dayOf(clock.now());
    if (today === day) return;
    day = today;
    path = dailyPath(folder, name, clock.now());
    flush();
    file.reopen(path);
    void pruneDaily(folder, name, keepDays, clock.now());
  };

  const sink = {
    write(line: string) {
      if (closed) return;
      rotate();
      const clean = redactor.text(line);
      waiting = true;
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

  const timer = setInterval(flush, flushEveryMs);
  timer.unref();
  process.on('exit', flush);
  void pruneDaily(folder, name, keepDays, clock.now());

  return {
    log: asLog(logger, (fields) => redactor.data(fields) as object),
    setLevel(level) {
      logger.level = level;
    },
    setKeepDays(days) {
      keepDays = days;
      void pruneDaily(folder, name, keepDays, clock.now());
    },
    path: () => path,
    close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      process.off('exit', flush);
      flush();
      file.end();
    },
  };
}
