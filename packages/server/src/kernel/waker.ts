export interface WakerOptions {
  /** Does what there is to do; resolves with when there is more, ms from now, or null. */
  work(): Promise<number | null>;
  onFailure(thrown: unknown): void;
}

const longestMs = 60_000;

/** Runs work when woken and when its time comes, never twice at once; after a failure it tries again by itself. */
export function createWaker({ work, onFailure }: WakerOptions) {
  let running: Promise<void> | null = null;
  let again = false;
  let ended = false;
  let failures = 0;
  let timer: NodeJS.Timeout | null = null;

  const clear = () => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  const later = (ms: number) => {
    clear();
    timer = setTimeout(wake, Math.min(Math.max(ms, 0), longestMs)).unref();
  };
  const goesOn = () => again && !ended;
  async function run(): Promise<void> {
    clear();
    try {
      do {
        again = false;
        const wait = await work();
        failures = 0;
        if (!again && wait !== null && !ended) later(wait);
      } while (goesOn());
    } catch (thrown) {
      onFailure(thrown);
      failures += 1;
      again = false;
      if (!ended) later(Math.min(30_000, 250 * 2 ** Math.min(failures, 10)));
    }
  }
  function wake(): void {
    if (ended) return;
    again = true;
    running ??= run().finally(() => {
      running = null;
      // Woken between the last look and now.
      if (again) wake();
    });
  }
  return {
    wake,
    stopped: () => ended,
    idle: () => running === null && failures === 0,
    async stop(): Promise<void> {
      ended = true;
      clear();
      await running;
    },
  };
}

export type Waker = ReturnType<typeof createWaker>;
