import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Log } from '../../../../kernel/log.ts';
import type { LogPattern } from '../match/pattern.ts';
import type { FromLogThread, LogProblem, LogSighting, ToLogThread, WatchedLog } from './log-watch-types.ts';

export interface LogWatchDeps {
  home: string;
  log: Log;
  /** Takes a sighting. Reading waits while many are untaken, so this may be slow but not for ever. */
  onSighting(sighting: LogSighting): void;
  onProblem?(problem: LogProblem): void;
  /** Removes secrets from a line before anybody sees it. */
  redact?(text: string): string;
}

/** Sightings that may be under way at once. */
const mostUntaken = 1000;
const restartMs = 1000;
const stopMs = 5000;

/** The logs and patterns that one part of the watchdog wants watched. */
export interface LogWish {
  logs: readonly WatchedLog[];
  patterns: readonly LogPattern[];
}

/**
 * Watches logs in a thread of its own, started when there is something to watch. Several parts wish for logs and patterns
 * under a name each; a log with one id is read once for all of them.
 */
export function createLogWatch(deps: LogWatchDeps) {
  const { log, redact = (text: string) => text } = deps;
  const wishes = new Map<string, LogWish>();
  const looks = new Map<number, () => void>();
  let lastLook = 0;
  let worker: Worker | null = null;
  let stopping: (() => void) | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;

  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  const ask = (message: ToLogThread): void => worker?.postMessage(message);

  function wanted(): LogWish {
    const logs = new Map<string, WatchedLog>();
    for (const wish of wishes.values())
      for (const one of wish.logs) {
        const known = logs.get(one.id);
        logs.set(one.id, known ? { ...known, names: [...new Set([...known.names, ...one.names])] } : one);
      }
    return { logs: [...logs.values()], patterns: [...wishes.values()].flatMap((wish) => wish.patterns) };
  }

  function onMessage(message: FromLogThread): void {
    switch (message.kind) {
      case 'sightings':
        for (const sighting of message.sightings) {
          try {
            deps.onSighting({ ...sighting, line: redact(sighting.line) });
          } catch (thrown) {
            log.error({ err: thrown, pattern: sighting.pattern }, 'A line of a log could not be taken');
          }
        }
        return ask({ kind: 'taken', count: message.sightings.length });
      case 'problem':
        log.info(message.problem, 'A watched log has changed');
        return deps.onProblem?.(message.problem);
      case 'refused':
        return log.error({ reason: message.message }, 'Logs could not be watched as asked');
      case 'looked':
        looks.get(message.id)?.();
        looks.delete(message.id);
        return;
      case 'stopped':
        return stopping?.();
    }
  }

  function start(): Worker {
    const started = new Worker(new URL('./log-worker.ts', import.meta.url), {
      workerData: { positionFile: join(deps.home, 'watchdog', 'log-positions.json'), most: mostUntaken },
    });
    started.on('message', onMessage);
    const ended = (thrown: unknown): void => {
      if (worker !== started) return;
      worker = null;
      for (const done of looks.values()) done();
      looks.clear();
      stopping?.();
      if (stopped) return;
      log.error({ err: thrown }, 'The thread that reads logs ended; it is started again');
      timer = setTimeout(apply, restartMs).unref();
    };
    started.on('error', ended);
    started.on('exit', (code) => ended(new Error(`exit ${code}`)));
    started.unref();
    return started;
  }

  function apply(): void {
    if (stopped) return;
    const { logs, patterns } = wanted();
    if (!worker && (logs.length === 0 || patterns.length === 0)) return;
    worker ??= start();
    ask({ kind: 'watch', logs, patterns });
  }

  return {
    /** What `who` wants from now on, instead of what it wanted before. Empty lists end it. */
    wish(who: string, wish: LogWish): void {
      wishes.set(who, wish);
      apply();
    },
    /** Resolves when everything that stands in the logs now has been looked at and handed on. */
    look(): Promise<void> {
      if (!worker) return Promise.resolve();
      const id = (lastLook += 1);
      return new Promise((resolve) => {
        looks.set(id, resolve);
        ask({ kind: 'look', id });
      });
    },
    /** Ends after the positions are written. */
    async stop(): Promise<void> {
      stopped = true;
      if (timer) clearTimeout(timer);
      const running = worker;
      if (!running) return;
      running.ref();
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, stopMs);
        stopping = () => {
          clearTimeout(late);
          resolve();
        };
        ask({ kind: 'stop' });
      });
      worker = null;
      await running.terminate();
    },
  };
}

export type LogWatch = ReturnType<typeof createLogWatch>;
