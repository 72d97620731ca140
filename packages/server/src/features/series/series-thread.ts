import { Worker } from 'node:worker_threads';
import { fault, FaultError } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { Batch } from './core/batch.ts';
import type { KeepRules } from './engine/keep.ts';
import type { StoredSeries } from './storage/storage.ts';
import type {
  AskKind,
  Asks,
  FromSeriesWorker,
  SeriesPlace,
  SeriesWorkerData,
  ToSeriesWorker,
} from './worker-messages.ts';

export type LocalSeries = Omit<StoredSeries, 'id'> & { local: number };

export interface SeriesThreadDeps {
  place: SeriesPlace;
  rules: KeepRules;
  log: Log;
}

/** Questions at a time: more than this means that somebody asks faster than the disk answers. */
const maxAsking = 64;
/** A thread that failed is left alone for so long. */
const restartAfterMs = 5_000;
const closeWithinMs = 5_000;
/** A thread that still starts has samples that are nowhere else: it is waited for longer. */
const startWithinMs = 25_000;

const away = (message: string) => new FaultError(fault('unavailable', 'series_unavailable', message));

/** The thread that keeps the history, started when it is needed and again after it failed. */
export function createSeriesThread({ place, rules: firstRules, log }: SeriesThreadDeps) {
  let rules = firstRules;
  let worker: Worker | null = null;
  let failedAt = Number.NEGATIVE_INFINITY;
  let unanswered = 0;
  let closed = false;
  let lastId = 0;
  let knowsNobody = true;
  let starting = false;
  let onStarted: (() => void) | null = null;
  let onClosed: (() => void) | null = null;
  const asking = new Map<number, { resolve(answer: never): void; reject(thrown: unknown): void }>();

  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  const post = (to: Worker, message: ToSeriesWorker): void => to.postMessage(message);

  function onMessage(message: FromSeriesWorker): void {
    switch (message.type) {
      case 'answer':
      case 'failure': {
        const asked = asking.get(message.id);
        asking.delete(message.id);
        // While it closes, waiting for it is what keeps the process alive.
        if (asking.size === 0 && !closed) worker?.unref();
        if (message.type === 'answer') asked?.resolve(message.answer as never);
        else asked?.reject(away(`The history could not answer: ${message.message}`));
        return;
      }
      case 'taken':
        unanswered -= message.count;
        return;
      case 'log':
        log[message.level](message.fields, message.message);
        return;
      case 'started':
        starting = false;
        onStarted?.();
        return;
      case 'closed':
        onClosed?.();
    }
  }

  function open(): Worker | null {
    if (closed) return null;
    if (worker) return worker;
    if (performance.now() - failedAt < restartAfterMs) return null;
    const workerData: SeriesWorkerData = { place, rules };
    const opened = new Worker(new URL('./series-worker.ts', import.meta.url), {
      workerData,
      name: 'series',
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
    worker = opened;
    starting = true;
    knowsNobody = true;
    unanswered = 0;
    const gone = (thrown: unknown) => {
      if (worker !== opened) return;
      worker = null;
      failedAt = performance.now();
      for (const { reject } of asking.values()) reject(away('The history’s thread ended.'));
      asking.clear();
      onClosed?.();
      if (!closed) log.error({ err: thrown }, 'The history’s thread failed; it is started again');
    };
    opened.on('message', onMessage);
    opened.on('error', gone);
    opened.on('exit', (code) => gone(new Error(`ended with code ${code}`)));
    opened.unref();
    return opened;
  }

  return {
    /** Samples that were given to the thread and are not stored yet. */
    waiting: () => unanswered,
    running: () => worker !== null,
    /** False: it cannot take any now. @param known the series a new thread has to be told first */
    send(batch: Batch, added: readonly LocalSeries[], known: () => readonly LocalSeries[]): boolean {
      const to = open();
      if (!to) return false;
      post(to, { type: 'samples', batch, added: knowsNobody ? [...known(), ...added] : added });
      knowsNobody = false;
      unanswered += batch.ids.length;
      return true;
    },
    /** Throws `series_unavailable`. */
    ask<Kind extends AskKind>(kind: Kind, question: Asks[Kind][0]): Promise<Asks[Kind][1]> {
      const to = asking.size < maxAsking ? open() : null;
      if (!to) return Promise.reject(away('The history cannot be read now; try again.'));
      const id = (lastId += 1);
      // Only an unanswered question keeps the process alive.
      to.ref();
      return new Promise<Asks[Kind][1]>((resolve, reject) => {
        asking.set(id, { resolve, reject });
        post(to, { type: 'ask', id, kind, question });
      });
    },
    follow(next: KeepRules): void {
      rules = next;
      if (worker) post(worker, { type: 'rules', rules });
    },
    async close(): Promise<void> {
      closed = true;
      const leaving = worker;
      if (!leaving) return;
      leaving.ref();
      await new Promise<void>((resolve) => {
        let late = setTimeout(resolve, starting ? startWithinMs : closeWithinMs);
        onStarted = () => {
          clearTimeout(late);
          late = setTimeout(resolve, closeWithinMs);
        };
        onClosed = () => {
          clearTimeout(late);
          resolve();
        };
        post(leaving, { type: 'close' });
      });
      worker = null;
      await leaving.terminate();
      for (const { reject } of asking.values()) reject(away('The history was closed.'));
      asking.clear();
    },
  };
}

export type SeriesThread = ReturnType<typeof createSeriesThread>;
