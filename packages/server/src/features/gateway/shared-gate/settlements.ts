import type { Log } from '../../../kernel/log.ts';

/** One turn's end, on its way to Redis. */
export interface Settlement {
  /** Argument of the script, but for `again`. */
  argument: object;
  /** Given what the script answered. */
  done(sums: unknown): void;
}

/** Ends of turns that must arrive, each counted once, also when Redis is away for a while. */
export interface Settlements {
  push(settlement: Settlement): void;
  /** Tries again what did not arrive. */
  retry(): void;
  waiting(): number;
  /** Resolves when all have arrived, or after `timeoutMs`. */
  drained(timeoutMs: number): Promise<void>;
}

/** What the ledger knows anyway may be forgotten here: the next filling reads it there. */
const MAX_WAITING = 20_000;

export function createSettlements(send: (argument: object) => Promise<unknown>, log: Log): Settlements {
  const failed: Settlement[] = [];
  let underWay = 0;
  let lost = 0;
  const watchers = new Set<() => void>();

  function attempt(settlement: Settlement, again: boolean): void {
    underWay += 1;
    send({ ...settlement.argument, again })
      .then((sums) => settlement.done(sums))
      .catch(() => {
        failed.push(settlement);
        if (failed.length <= MAX_WAITING) return;
        failed.shift();
        lost += 1;
        if (lost % 1000 === 1)
          log.error({ lost }, 'Redis is away for too long; ends of turns are only in the ledger');
      })
      .finally(() => {
        underWay -= 1;
        if (underWay + failed.length === 0) for (const watcher of watchers) watcher();
      });
  }

  return {
    push: (settlement) => attempt(settlement, false),
    retry() {
      for (const settlement of failed.splice(0)) attempt(settlement, true);
    },
    waiting: () => underWay + failed.length,
    drained(timeoutMs) {
      if (underWay + failed.length === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const over = (): void => {
          clearTimeout(timer);
          watchers.delete(over);
          resolve();
        };
        const timer = setTimeout(over, timeoutMs);
        watchers.add(over);
      });
    },
  };
}
