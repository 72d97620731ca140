import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { fault, raise } from '../../../kernel/fault.ts';
import { isStoreFault } from '../../../platform/store/index.ts';
import type { StagedBatch, WrittenBatch } from '../core/staged-event.ts';

export interface AppendQueueDeps {
  /** Writes batches in one transaction; several may be of one session. */
  write(batches: readonly StagedBatch[]): Promise<readonly WrittenBatch[]>;
}

/** Appends in the order they came, many in one transaction: while one is written, the next gather. */
export interface AppendQueue {
  append(batch: StagedBatch): Promise<WrittenBatch>;
  /** Runs `work` after everything that was appended before, and before everything that comes after it. */
  alone<R>(work: () => Promise<R>): Promise<R>;
  /** Resolves when all that was appended is stored or has failed. Nothing is taken after it. */
  close(): Promise<void>;
}

/** Of one transaction: short enough that nobody waits long for it. */
const maxEventsTogether = 300;
const maxBytesTogether = 4 * 1024 * 1024;
/** That may wait; past it producers are told to slow down. */
const maxEventsWaiting = 50_000;
const maxBytesWaiting = 64 * 1024 * 1024;

/** A write costs as much for one event as for twenty: this long from the beginning of one to that of the next, what comes gathers. */
const everyMs = 2;
/** With so many waiting a write is worth its time at once. */
const worthwhileEvents = 16;

type Waiting =
  | {
      batch: StagedBatch;
      bytes: number;
      resolve(written: WrittenBatch): void;
      reject(thrown: unknown): void;
    }
  | { work(): Promise<void> };

const bytesOf = ({ events }: StagedBatch): number =>
  events.reduce((sum, { payload }) => sum + payload.length + 200, 0);

export function createAppendQueue({ write }: AppendQueueDeps): AppendQueue {
  let waiting: Waiting[] = [];
  let events = 0;
  let bytes = 0;
  let running: Promise<void> | null = null;
  let closed = false;
  let restUntilMs = -Infinity;

  /** Until what is on its way in has been read. */
  async function rest(): Promise<void> {
    const restMs = restUntilMs - performance.now();
    const waits = restMs >= 1 && events < worthwhileEvents && !closed;
    await (waits ? delay(restMs) : nextTurn());
  }
  async function together(): Promise<void> {
    const taken: Extract<Waiting, { batch: StagedBatch }>[] = [];
    let count = 0;
    let size = 0;
    for (const next of waiting) {
      if (!('batch' in next)) break;
      const more = next.batch.events.length;
      if (taken.length > 0 && (count + more > maxEventsTogether || size + next.bytes > maxBytesTogether))
        break;
      taken.push(next);
      count += more;
      size += next.bytes;
    }
    waiting = waiting.slice(taken.length);
    restUntilMs = performance.now() + everyMs;
    try {
      const written = await write(taken.map(({ batch }) => batch));
      for (const [i, item] of taken.entries()) item.resolve(written[i] ?? { gone: true });
    } catch (thrown) {
      // One batch that cannot be stored takes no other one with it. Where the store was lost they may stand all the same: whoever
      // said them knows whether saying them again is harmless.
      if (taken.length === 1 || isStoreFault(thrown, 'store_unavailable'))
        for (const item of taken) item.reject(thrown);
      else
        for (const item of taken)
          await write([item.batch]).then(([one]) => item.resolve(one ?? { gone: true }), item.reject);
    } finally {
      events -= count;
      bytes -= size;
    }
  }

  async function run(): Promise<void> {
    for (let first = waiting[0]; first; first = waiting[0]) {
      if ('batch' in first) {
        await rest();
        await together();
      } else {
        waiting.shift();
        await first.work();
      }
    }
    running = null;
  }

  const refuse = (): never =>
    raise(
      fault('unavailable', 'sessions_busy', 'Too many session events wait to be stored; send them again.', {
        retryAfterMs: 1_000,
      }),
    );
  const start = (): void => {
    running ??= run();
  };

  return {
    async append(batch) {
      const size = bytesOf(batch);
      if (closed || events + batch.events.length > maxEventsWaiting || bytes + size > maxBytesWaiting)
        refuse();
      events += batch.events.length;
      bytes += size;
      return new Promise((resolve, reject) => {
        waiting.push({ batch, bytes: size, resolve, reject });
        start();
      });
    },
    alone<R>(work: () => Promise<R>) {
      if (closed) refuse();
      return new Promise<R>((resolve, reject) => {
        waiting.push({ work: () => work().then(resolve, reject) });
        start();
      });
    },
    async close() {
      closed = true;
      await running;
    },
  };
}
