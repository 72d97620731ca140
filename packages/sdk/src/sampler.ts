/** Something sent live and never stored. */
export interface Sample {
  type: string;
  data: Record<string, unknown>;
  key: string;
}

/** Least time between two calls: they are counted. Milliseconds. */
const gatherMs = 150;
/** Samples of one call; of more only the newest are sent. */
const maxSamples = 100;

/**
 * Live samples on their way: gathered, texts of one key (`data.delta`) joined, of anything else the last. One call at a time;
 * what is not taken is not sent again.
 */
export function createSampler(send: (samples: readonly Sample[]) => Promise<void>) {
  const gathered = new Map<string, Sample>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let sending = false;
  let closed = false;

  const flush = (): void => {
    timer = null;
    if (closed || sending || gathered.size === 0) return;
    const samples = [...gathered.values()];
    gathered.clear();
    sending = true;
    send(samples)
      .catch(() => undefined)
      .finally(() => {
        sending = false;
        plan();
      });
  };
  function plan(): void {
    if (closed || timer || sending || gathered.size === 0) return;
    timer = setTimeout(flush, gatherMs);
  }
  return {
    put(sample: Sample): void {
      if (closed) return;
      const at = `${sample.type}\n${sample.key}`;
      const before = gathered.get(at);
      const [earlier, delta] = [before?.data['delta'], sample.data['delta']];
      const joined =
        typeof earlier === 'string' && typeof delta === 'string' ? { delta: earlier + delta } : {};
      gathered.delete(at);
      gathered.set(at, { ...sample, data: { ...sample.data, ...joined } });
      const [oldest] = gathered.keys();
      if (gathered.size > maxSamples && oldest !== undefined) gathered.delete(oldest);
      plan();
    },
    close(): void {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}
