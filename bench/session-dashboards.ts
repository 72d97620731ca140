import { connectRaw, type RawSocket } from './raw-socket.ts';
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
const packet = '42["';
const single = `${packet}skill:progress",`;
const batch = `${packet}session:events",`;

/** What a message of Socket.IO holds of the events; it is parsed as a client would. */
function eventsOf(text: string): readonly Event[] {
  if (text.startsWith(single)) return [(JSON.parse(text.slice(2)) as [string, Event])[1]];
  if (text.startsWith(batch)) return (JSON.parse(text.slice(2)) as [string, { events: Event[] }])[1].events;
  return [];
}

/** Subscribed to the session when it resolves. Engine.IO's and Socket.IO's packets are said by hand. */
async function joinSocketIo(job: DashboardsJob, heard: (event: Event) => void): Promise<RawSocket> {
  const { url, token, sessionId, batches } = job;
  const subscribed = Promise.withResolvers<void>();
  const wish = { session_id: sessionId, ...(batches ? { frames: 'batch' } : {}) };
  const socket = await connectRaw(url, '/socket.io/?EIO=4&transport=websocket', token, (text, own) => {
    if (text.startsWith('0{')) own.say('40');
    else if (text === '2') own.say('3');
    else if (text.startsWith(`${packet}connected`)) own.say(`42${JSON.stringify(['subscribe', wish])}`);
    else if (text.startsWith(`${packet}subscribed`)) subscribed.resolve();
    else for (const event of eventsOf(text)) heard(event);
  });
  await subscribed.promise;
  return socket;
}

const join = (job: DashboardsJob, heard: (event: Event) => void): Promise<RawSocket> =>
  job.kind === 'ws'
    ? connectRaw(job.url, '/', '', (text) => heard(JSON.parse(text) as Event))
    : joinSocketIo(job, heard);

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
