import { connectRaw, type RawSocket } from './raw-socket.ts';
import { subscribeRaw } from './raw-socket-io.ts';
import type { ServerReady } from './session-server.ts';
import { summarise } from './statistics.ts';

/** Many dashboards on one session; latency is from the time an event was due to its arrival. One process. */
export interface DashboardsJob extends ServerReady {
  sessionId: string;
  dashboards: number;
  count: number;
  /** As our dashboard asks for them: events that come together in one message. */
  batches: boolean;
  /** One more, which subscribes and then never reads again. */
  stalled: boolean;
}

const now = () => Number(process.hrtime.bigint()) / 1e6;

interface Event {
  data: { at: number; n: number };
}

const join = (job: DashboardsJob, heard: (event: Event) => void): Promise<RawSocket> => {
  if (job.kind === 'ws') return connectRaw(job.url, '/', '', (text) => heard(JSON.parse(text) as Event));
  const wish = { session_id: job.sessionId, ...(job.batches ? { frames: 'batch' } : {}) };
  return subscribeRaw(job, wish, (name, argument) => {
    if (name === 'skill:progress') heard(argument as Event);
    else if (name === 'session:events')
      for (const event of (argument as { events: Event[] }).events) heard(event);
  });
};

async function follow(job: DashboardsJob): Promise<void> {
  const { dashboards, count } = job;
  const latencies: number[] = [];
  let gaps = 0;
  let done = 0;
  const finished = Promise.withResolvers<void>();
  const one = (): Promise<RawSocket> => {
    let seen = 0;
    return join(job, ({ data }) => {
      latencies.push(now() - data.at);
      if (data.n !== seen) gaps += 1;
      seen = data.n + 1;
      if (seen === count && (done += 1) === dashboards) finished.resolve();
    });
  };
  const sockets: RawSocket[] = [];
  // A few at a time, as browsers come.
  for (let i = 0; i < dashboards; i += 20)
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(20, dashboards - i) }, one))));
  if (job.stalled) {
    const stalled = await join(job, () => undefined);
    stalled.pause();
    sockets.push(stalled);
  }
  process.send?.({ joined: dashboards });
  await finished.promise;
  for (const socket of sockets) socket.close();
  process.send?.({ latency: summarise(latencies), gaps });
}

process.on('message', (job: DashboardsJob) => void follow(job));
process.send?.({ ready: true });
