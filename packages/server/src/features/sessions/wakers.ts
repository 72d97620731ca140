/** Lets long polls wait for something to happen to a key. */
export interface Wakers {
  wake(key: string): void;
  wakeAll(): void;
  /** Resolves with true when woken, false after `ms` or when aborted. */
  wait(key: string, ms: number, signal?: AbortSignal): Promise<boolean>;
}

export function createWakers(): Wakers {
  const waiting = new Map<string, Set<(woken: boolean) => void>>();
  const wake = (key: string): void => {
    const all = waiting.get(key);
    waiting.delete(key);
    for (const done of all ?? []) done(true);
  };
  return {
    wake,
    wakeAll() {
      for (const key of waiting.keys()) wake(key);
    },
    wait(key, ms, signal) {
      if (ms <= 0 || signal?.aborted) return Promise.resolve(false);
      return new Promise((resolve) => {
        const own = waiting.get(key) ?? new Set();
        waiting.set(key, own);
        const done = (woken: boolean) => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', aborted);
          own.delete(done);
          if (own.size === 0 && waiting.get(key) === own) waiting.delete(key);
          resolve(woken);
        };
        const aborted = () => done(false);
        const timer = setTimeout(() => done(false), ms);
        signal?.addEventListener('abort', aborted, { once: true });
        own.add(done);
      });
    },
  };
}
