import { subscribeRaw } from './raw-socket-io.ts';
import { summarise } from './statistics.ts';

/** Many dashboards on one control: each gets every event; latency is from the time an event was due to its arrival. */
interface Job {
  url: string;
  token: string;
  dashboards: number;
  /** The event that is counted, by its name on the socket. */
  name: string;
  count: number;
  /** The first so many do not count: code that has just been loaded is compiled meanwhile. */
  warm: number;
}

type Packet = [name: string, argument: { seq?: number; data: object }];

const now = () => Number(process.hrtime.bigint()) / 1e6;

/** One message in so many is parsed as a whole, to see that looking for two numbers in it finds the same. */
const checkedEvery = 200;

const numberAfter = (text: string, mark: string): number => {
  const from = text.indexOf(mark);
  return from < 0 ? Number.NaN : Number.parseFloat(text.slice(from + mark.length, from + mark.length + 20));
};

/** Reads only the two numbers: parsing every message of fifty dashboards takes as long as serving them, on the same cores. */
async function follow({ url, token, dashboards, name, count, warm }: Job): Promise<void> {
  const latencies: number[] = [];
  const counted = `42["${name}"`;
  let messages = 0;
  let gaps = 0;
  let done = 0;
  const finished = Promise.withResolvers<void>();
  const one = () => {
    let seen = 0;
    let last = 0;
    return subscribeRaw({ url, token }, {}, (packet) => {
      const seq = numberAfter(packet, '"seq":');
      if ((messages += 1) % checkedEvery === 1) {
        const [, argument] = JSON.parse(packet.slice(2)) as Packet;
        if ((argument.seq ?? Number.NaN) !== seq && !Number.isNaN(seq)) throw new Error(`misread: ${packet}`);
      }
      if (Number.isNaN(seq)) return;
      // Others may write in between what follows from them.
      if (last > 0 && seq !== last + 1) gaps += 1;
      last = seq;
      if (!packet.startsWith(counted)) return;
      seen += 1;
      if (seen > warm) latencies.push(now() - numberAfter(packet, 'due at '));
      if (seen === count && (done += 1) === dashboards) finished.resolve();
    });
  };
  const sockets = await Promise.all(Array.from({ length: dashboards }, one));
  process.send?.({ subscribed: dashboards });
  await finished.promise;
  for (const socket of sockets) socket.close();
  process.send?.({ latency: summarise(latencies), gaps });
}

process.on('message', (job: Job) => void follow(job));
process.send?.({ ready: true });
