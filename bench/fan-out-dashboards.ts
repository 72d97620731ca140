import { subscribeRaw } from './raw-socket-io.ts';
import { summarise } from './statistics.ts';

/** Many dashboards on one control: each gets every event; latency is from the time an event was due to its arrival. */
interface Job {
  url: string;
  token: string;
  dashboards: number;
  count: number;
}

type Packet = [name: string, argument: { seq?: number; data: { title: string } }];

const now = () => Number(process.hrtime.bigint()) / 1e6;

async function follow({ url, token, dashboards, count }: Job): Promise<void> {
  const latencies: number[] = [];
  let gaps = 0;
  let done = 0;
  const finished = Promise.withResolvers<void>();
  const one = () => {
    let seen = 0;
    let last = 0;
    return subscribeRaw({ url, token }, {}, (packet) => {
      const [name, { seq, data }] = JSON.parse(packet.slice(2)) as Packet;
      if (seq === undefined) return;
      // Others may write in between what follows from them.
      if (last > 0 && seq !== last + 1) gaps += 1;
      last = seq;
      if (name !== 'alert:raised') return;
      latencies.push(now() - Number(data.title));
      seen += 1;
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
