import type { NewSessionEvent } from '@vigiles/contract';
import { backoffMs } from './core/backoff.ts';
import { VigilesError } from './core/vigiles-error.ts';
import { wait } from './wait.ts';

export interface OutboxDeps {
  /** Stores a batch; the same `local_id` counts once, so a batch whose answer was lost may be sent again. */
  send(events: readonly NewSessionEvent[], signal: AbortSignal): Promise<void>;
  /** Makes the ids of events unique: of this process, this run. */
  run: string;
  /** Events kept while nothing can be sent; past it the oldest go, and the log is told how many. */
  maxEvents: number;
  /** An event the server does not take, or the end of it all: `fatal`, nothing is sent any more. */
  failed(error: VigilesError, fatal: boolean): void;
}

/** Events on their way to the server: in order, in batches, each stored once. */
export interface Outbox {
  put(type: string, data: Record<string, unknown>, more?: { command_id?: string }): void;
  /** Resolves when everything that was put before is stored, whatever is put meanwhile; raises what ended it. */
  flush(): Promise<void>;
  /** Sends what is left, for at most this long. */
  close(graceMs: number): Promise<void>;
  readonly waiting: number;
}

const batchSize = 200;
/** Events that come close together go together. Milliseconds. */
const lingerMs = 15;
/** Between two batches that are not full: calls are counted, events are not. Milliseconds. */
const spacingMs = 150;

interface Waiting {
  event: NewSessionEvent;
  /** Which one it was, of all that were put. */
  at: number;
}

/** Refusals that the next event would get as well. */
const isFatal = ({ status }: VigilesError): boolean => status === 401 || status === 403 || status === 404;

export function createOutbox({ send, run, maxEvents, failed }: OutboxDeps): Outbox {
  let queue: Waiting[] = [];
  let underWay: readonly Waiting[] = [];
  let made = 0;
  let puts = 0;
  let dropped = 0;
  let sending: Promise<void> | null = null;
  let ended: VigilesError | null = null;
  const stop = new AbortController();
  /** Aborted while somebody waits for events to be stored. */
  let urgent = new AbortController();
  let hurried = 0;
  /** Resolved with each batch that is done with. */
  let round = Promise.withResolvers<void>();

  const stamp = (type: string, data: Record<string, unknown>, more: object = {}): NewSessionEvent => {
    made += 1;
    return { type, data, local_id: `${run}-${made}`, timestamp: Date.now(), ...more };
  };
  const end = (error: VigilesError): void => {
    ended = error;
    queue = [];
    underWay = [];
    failed(error, true);
  };

  const nextRound = (): void => {
    round.resolve();
    round = Promise.withResolvers();
  };

  /** Until this batch is stored, refused, or there is no use in going on. */
  const deliver = async (batch: readonly NewSessionEvent[]): Promise<void> => {
    for (let attempt = 0; !stop.signal.aborted; attempt += 1) {
      try {
        return await send(batch, stop.signal);
      } catch (thrown) {
        if (!(thrown instanceof VigilesError)) throw thrown;
        if (thrown.retryable) await wait(backoffMs(attempt, Math.random(), thrown.retryAfterMs), stop.signal);
        else if (isFatal(thrown)) return end(thrown);
        // One event that is not taken takes no other with it.
        else if (batch.length > 1) {
          for (const event of batch) await deliver([event]);
          return undefined;
        } else return failed(thrown, false);
      }
    }
    return undefined;
  };
  const work = async (): Promise<void> => {
    await wait(lingerMs, stop.signal);
    const goesOn = (): boolean => queue.length > 0 && !ended && !stop.signal.aborted;
    while (goesOn()) {
      if (dropped > 0) {
        queue.unshift({ event: stamp('producer:gap', { dropped }), at: queue[0]?.at ?? puts });
        dropped = 0;
      }
      underWay = queue.splice(0, batchSize);
      const spaced = underWay.length < batchSize ? wait(spacingMs, urgent.signal) : null;
      await deliver(underWay.map(({ event }) => event));
      underWay = [];
      nextRound();
      await spaced;
    }
  };
  const start = (): void => {
    sending ??= work()
      .catch((thrown: unknown) =>
        end(new VigilesError({ status: 0, code: 'internal_error', message: String(thrown), cause: thrown })),
      )
      .finally(() => {
        sending = null;
        if (queue.length > 0 && !ended && !stop.signal.aborted) start();
      });
  };
  /** Until nothing up to this one is on its way any more. */
  const settled = async (upTo: number): Promise<void> => {
    const oldest = (): number => underWay[0]?.at ?? queue[0]?.at ?? Infinity;
    hurried += 1;
    urgent.abort();
    for (let now = sending; now && oldest() <= upTo; now = sending) await Promise.race([round.promise, now]);
    hurried -= 1;
    if (hurried === 0) urgent = new AbortController();
  };

  return {
    put(type, data, more) {
      if (ended || stop.signal.aborted) return;
      puts += 1;
      queue.push({ event: stamp(type, data, more), at: puts });
      if (queue.length > maxEvents) {
        queue.shift();
        dropped += 1;
      }
      start();
    },
    async flush() {
      await settled(puts);
      if (ended) throw ended;
    },
    async close(graceMs) {
      const given = setTimeout(() => stop.abort(), graceMs);
      await settled(puts);
      clearTimeout(given);
      stop.abort();
    },
    get waiting() {
      return queue.length;
    },
  };
}
