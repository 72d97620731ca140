import { storeFault } from '../faults.ts';

/** One writer at a time within this process, first come first served; waiting is bounded. */
export interface WriteLock {
  /** Resolves with the function that hands the lock on. Throws `store_locked` after `waitMs`. */
  acquire(waitMs: number): Promise<() => void>;
}

interface Waiter {
  grant(): void;
}

export function createWriteLock(): WriteLock {
  let held = false;
  const waiting = new Set<Waiter>();

  const release = () => {
    for (const next of waiting) {
      waiting.delete(next);
      next.grant();
      return;
    }
    held = false;
  };
  const once = (): (() => void) => {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      release();
    };
  };

  return {
    acquire(waitMs) {
      if (!held) {
        held = true;
        return Promise.resolve(once());
      }
      return new Promise((resolve, reject) => {
        const waiter: Waiter = {
          grant() {
            clearTimeout(timer);
            resolve(once());
          },
        };
        const timer = setTimeout(() => {
          waiting.delete(waiter);
          reject(
            storeFault(
              'store_locked',
              `A transaction of this process held the write lock for over ${waitMs} ms. ` +
                'A write inside a transaction has to use the transaction, not the store.',
            ),
          );
        }, waitMs);
        waiting.add(waiter);
      });
    },
  };
}
