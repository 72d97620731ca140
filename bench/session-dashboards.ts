import { connectRaw, type RawSocket } from './raw-socket.ts';
import { subscribeRaw } from './raw-socket-io.ts';
import type { ServerReady } from './session-server.ts';
import { summarise } from './statistics.ts';

/**
 * Many dashboards on one session; latency is from the time an event was due to its arrival. One process, which says
 * `warmed` when the first of them has got the events that do not count.
 */
export interface DashboardsJob extends ServerReady {
  sessionId: string;
  dashboards: number;
  count: number;
  /** The first so many do not count: code that has just been loaded is compiled meanwhile. */
  warm: number;
  /** As our dashboard asks for them: events that come together in one message. */
  batches: boolean;
  /** One more, which never reads again once the others are warm. */
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
  const { dashboards, count, warm } = job;
  const latencies: number[] = [];
  let gaps = 0;
  let done = 0;
  let stalled: RawSocket | null = null;
  let warmed = false;
  const warmUp = (): void => {
    if (warmed) return;
    warmed = true;
    stalled?.pause();
    process.send?.({ warmed });
  };
  const finished = Promise.withResolvers<void>();
  const one = (): Promise<RawSocket> => {
    let seen = 0;
    return join(job, ({ data }) => {
      if (data.n >= warm) latencies.push(now() - data.at);
      else if (data.n === warm - 1) warmUp();
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
    stalled = await join(job, () => undefined);
    sockets.push(stalled);
  }
  process.send?.({ joined: dashboards });
  await finished.promise;
  for (const socket of sockets) socket.close();
  process.send?.({ latency: summarise(latencies), gaps });
}

process.on('message', (job: DashboardsJob) => void follow(job));
process.send?.({ ready: true });
