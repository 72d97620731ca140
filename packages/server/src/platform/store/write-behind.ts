import { setTimeout as delay } from 'node:timers/promises';
import { toFault } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';

export interface WriteBehindOptions {
  log: Log;
  /** Writes that may wait while the store is away; past it the oldest is given up, counted and logged. */
  maxWaiting?: number;
  /** Wait before the store is tried again, milliseconds. */
  retryMs?: number;
}

/** Writes in order behind somebody who must not wait for the store. */
export interface WriteBehind {
  /** @param what for the log, when it can never be written */
  push(what: string, write: () => Promise<unknown>): void;
  /** Writes that were pushed and are not stored yet. */
  waiting(): number;
  /** Resolves when everything up to now is stored, or the store turns out to be away. */
  settled(): Promise<void>;
  /** As `settled`; what cannot be written then is given up and counted in the log. */
  close(): Promise<void>;
}

interface Waiting {
  what: string;
  write: () => Promise<unknown>;
}

/** A write the store cannot take now (away, locked, full) is tried again; any other failure is logged, and the next one follows. */
export function createWriteBehind(options: WriteBehindOptions): WriteBehind {
  const { log, maxWaiting = 5_000, retryMs = 500 } = options;
  const queue: Waiting[] = [];
  const closing = new AbortController();
  let working = false;
  let away = false;
  let given = 0;
  let watchers: (() => void)[] = [];

  const tell = () => {
    const told = watchers;
    watchers = [];
    for (const watcher of told) watcher();
  };

  const giveUp = (count: number, from: number) => {
    queue.splice(from, count);
    given += count;
    log.error({ lost: count, lostSoFar: given }, 'Writes were given up: the store is away');
  };

  async function tryFirst(first: Waiting): Promise<'done' | 'away'> {
    try {
      await first.write();
    } catch (thrown) {
      if (toFault(thrown).retryable) {
        if (!away) log.warn({ err: thrown, waiting: queue.length }, 'The store is away; writes wait for it');
        return 'away';
      }
      log.error({ err: thrown, what: first.what }, 'A write failed');
    }
    return 'done';
  }

  async function work(): Promise<void> {
    working = true;
    for (let first = queue[0]; first; first = queue[0]) {
      const how = await tryFirst(first);
      if (how === 'done') {
        // It may have been given up meanwhile.
        if (queue[0] === first) queue.shift();
        if (away) log.info({ waiting: queue.length }, 'The store is back; what waited is written');
        away = false;
        continue;
      }
      away = true;
      tell();
      if (closing.signal.aborted) giveUp(queue.length, 0);
      else await delay(retryMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
    }
    working = false;
    tell();
  }

  const settled = (): Promise<void> =>
    !working || away ? Promise.resolve() : new Promise((resolve) => watchers.push(resolve));

  return {
    push(what, write) {
      queue.push({ what, write });
      // The first is being written: it is not the one to give up.
      if (queue.length > maxWaiting) giveUp(1, 1);
      if (!working) void work();
    },
    waiting: () => queue.length,
    settled,
    async close() {
      closing.abort();
      if (working) await new Promise<void>((resolve) => watchers.push(resolve));
    },
  };
}
