import { LoadConnection, type LoadRequest, type Sample } from './load-client.ts';
import { summarise, type Summary } from './statistics.ts';

export interface LoadResult {
  requestsPerSecond: number;
  latency: Summary;
  firstByte: Summary;
  /** Answers whose status was not 200, or that broke off. */
  failures: number;
  requests: number;
  /** Those of the warm-up too: what CPU time of the whole run is divided by. */
  all: number;
}

/** Closed-loop load: every connection sends its next request as soon as the last one is answered. */
export async function runLoad(
  request: LoadRequest,
  connections: number,
  durationMs: number,
  warmupMs = 500,
): Promise<LoadResult> {
  const samples: Sample[] = [];
  let failures = 0;
  let all = 0;
  let counting = false;
  const open = Array.from({ length: connections }, () => new LoadConnection(request));
  const started = performance.now();
  const stopAt = started + warmupMs + durationMs;
  const drive = async (connection: LoadConnection) => {
    while (performance.now() < stopAt) {
      try {
        const sample = await connection.send();
        all += 1;
        if (!counting) continue;
        if (sample.status === 200) samples.push(sample);
        else failures += 1;
      } catch {
        failures += 1;
        return;
      }
    }
  };
  const timer = setTimeout(() => {
    counting = true;
  }, warmupMs);
  await Promise.all(open.map(drive));
  clearTimeout(timer);
  for (const connection of open) connection.close();
  const seconds = (performance.now() - started - warmupMs) / 1000;
  return {
    requestsPerSecond: samples.length / seconds,
    latency: summarise(samples.map((sample) => sample.latencyMs)),
    firstByte: summarise(samples.map((sample) => sample.firstByteMs)),
    failures,
    requests: samples.length,
    all,
  };
}

// Run as its own process: the generator must not share an event loop with anything it measures.
if (process.argv[1] === import.meta.filename) {
  process.on('message', (job: { request: LoadRequest; connections: number; durationMs: number }) => {
    runLoad(job.request, job.connections, job.durationMs).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
  process.send?.({ ready: true });
}
