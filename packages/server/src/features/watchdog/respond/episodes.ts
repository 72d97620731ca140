/** Who waits for an episode to end, by story. */
export function createEpisodes() {
  let stopped = false;
  const waiting = new Map<string, Set<(over: boolean) => void>>();
  const tell = (key: string, over: boolean): void => {
    for (const resolve of waiting.get(key) ?? []) resolve(over);
  };
  return {
    /** True when it is over within the time. */
    async over(key: string, ms: number): Promise<boolean> {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const all = waiting.get(key) ?? new Set();
      waiting.set(key, all.add(resolve));
      const timer = setTimeout(() => resolve(false), ms).unref();
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        all.delete(resolve);
        if (all.size === 0) waiting.delete(key);
      }
    },
    cleared: (key: string) => tell(key, true),
    /** Nobody waits for anything any more. */
    stopped: () => stopped,
    stop(): void {
      stopped = true;
      for (const key of waiting.keys()) tell(key, false);
    },
  };
}

export type Episodes = ReturnType<typeof createEpisodes>;
