import { connectRaw, type RawSocket } from './raw-socket.ts';
import { subscribeRaw } from './raw-socket-io.ts';
import type { ServerReady } from './session-server.ts';
import { summarise, type Summary } from './statistics.ts';

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

/** What the dashboards saw. */
export interface Followed {
  latency: Summary;
  /** Events that were not the next one. */
  gaps: number;
  /** Their own CPU time, ms: where it is near the time it took, they measure themselves. */
  cpuMs: number;
}

const now = () => Number(process.hrtime.bigint()) / 1e6;

/** What a client hears of an event: when it was due, and which one it is. */
type Heard = (at: number, n: number) => void;

interface Event {
  data: { at: number; n: number };
}
const eventsIn = (text: string): Event[] => {
  const said = JSON.parse(text.slice(text.search(/[[{]/))) as Event | [string, Event | { events: Event[] }];
  if (!Array.isArray(said)) return [said];
  const [, argument] = said;
  return 'events' in argument ? argument.events : [argument];
};

/** One message in so many is parsed as a whole, to see that looking for two numbers in it finds the same. */
const checkedEvery = 200;

/**
 * Reads only the two numbers of each event, of whichever server: parsing every message of fifty dashboards takes as long as serving
 * them, on the same cores.
 */
function reader(heard: Heard): (text: string) => void {
  let messages = 0;
  return (text) => {
    const found: Event['data'][] = [];
    for (let from = text.indexOf('"at":'); from >= 0; from = text.indexOf('"at":', from + 5)) {
      const comma = text.indexOf(',', from);
      const place = text.indexOf('"n":', comma) + 4;
      const at = Number(text.slice(from + 5, comma));
      const n = Number.parseInt(text.slice(place, place + 12), 10);
      if ((messages += 1) % checkedEvery === 1) found.push({ at, n });
      heard(at, n);
    }
    for (const { at, n } of found)
      if (!eventsIn(text).some(({ data }) => data.at === at && data.n === n))
        throw new Error(`misread: ${text}`);
  };
}

const join = (job: DashboardsJob, heard: Heard): Promise<RawSocket> => {
  const read = reader(heard);
  if (job.kind === 'ws') return connectRaw(job.url, '/', '', read);
  const wish = { session_id: job.sessionId, ...(job.batches ? { frames: 'batch' } : {}) };
  return subscribeRaw(job, wish, (text) => {
    if (text.startsWith('42["skill:progress"') || text.startsWith('42["session:events"')) read(text);
  });
};

async function follow(job: DashboardsJob): Promise<void> {
  const { dashboards, count, warm } = job;
  const latencies = new Float64Array((count - warm) * dashboards);
  let heardOf = 0;
  let cpuBefore = process.cpuUsage();
  let gaps = 0;
  let done = 0;
  let stalled: RawSocket | null = null;
  let warmed = false;
  const warmUp = (): void => {
    if (warmed) return;
    warmed = true;
    stalled?.pause();
    cpuBefore = process.cpuUsage();
    process.send?.({ warmed });
  };
  const finished = Promise.withResolvers<void>();
  const one = (): Promise<RawSocket> => {
    let seen = 0;
    return join(job, (at, n) => {
      if (n >= warm) latencies[(heardOf += 1) - 1] = now() - at;
      else if (n === warm - 1) warmUp();
      if (n !== seen) gaps += 1;
      seen = n + 1;
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
  const { user, system } = process.cpuUsage(cpuBefore);
  for (const socket of sockets) socket.close();
  const latency = summarise(latencies.subarray(0, heardOf));
  process.send?.({ latency, gaps, cpuMs: (user + system) / 1000 } satisfies Followed);
}

process.on('message', (job: DashboardsJob) => void follow(job));
process.send?.({ ready: true });
