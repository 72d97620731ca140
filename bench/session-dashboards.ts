import { connect } from 'node:net';
import { io } from 'socket.io-client';
import { connectBareWs } from '../packages/server/src/testing/bare-sockets.ts';
import type { ServerReady } from './session-server.ts';
import { summarise } from './statistics.ts';

/** Many dashboards on one session; latency is from the time an event was due to its arrival. One process. */
export interface DashboardsJob extends ServerReady {
  sessionId: string;
  dashboards: number;
  count: number;
  /** One more, which subscribes and then never reads again. */
  stalled: boolean;
}

const now = () => Number(process.hrtime.bigint()) / 1e6;

interface Event {
  seq?: number;
  data: { at: number; n: number };
}

/** A client that says its lines by hand and then does not read any more. */
async function stall({ url, token, sessionId }: DashboardsJob): Promise<() => void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const frame = (text: string) => {
    const head = text.length < 126 ? [0x80 | text.length] : [0xfe, text.length >> 8, text.length & 255];
    return Buffer.concat([Buffer.from([0x81, ...head, 0, 0, 0, 0]), Buffer.from(text)]);
  };
  const lines: [Buffer | string, RegExp][] = [
    [
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
      /0\{"sid/,
    ],
    [frame('40'), /"connected"/],
    [frame(`42${JSON.stringify(['subscribe', { session_id: sessionId }])}`), /"subscribed"/],
  ];
  let heard = '';
  for (const [say, expected] of lines) {
    socket.write(say);
    while (!expected.test(heard)) {
      heard += await new Promise<string>((resolve) =>
        socket.once('data', (chunk) => resolve(chunk.toString('latin1'))),
      );
    }
  }
  socket.on('error', () => undefined);
  socket.pause();
  return () => socket.destroy();
}

async function follow(job: DashboardsJob): Promise<void> {
  const { kind, url, token, sessionId, dashboards, count } = job;
  const latencies: number[] = [];
  let gaps = 0;
  let done = 0;
  const finished = Promise.withResolvers<void>();
  const take = () => {
    let seen = 0;
    return ({ data }: Event) => {
      latencies.push(now() - data.at);
      if (data.n !== seen) gaps += 1;
      seen = data.n + 1;
      if (seen === count && (done += 1) === dashboards) finished.resolve();
    };
  };
  const join = async (): Promise<() => void> => {
    const heard = take();
    if (kind === 'ws') {
      const ws = await connectBareWs(url, (text) => heard(JSON.parse(text) as Event));
      return () => ws.close();
    }
    const socket = io(url, {
      auth: { token },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    socket.on('skill:progress', heard);
    await new Promise<void>((resolve) => {
      socket.once('connected', () => socket.emit('subscribe', { session_id: sessionId }));
      socket.once('subscribed', () => resolve());
    });
    return () => socket.disconnect();
  };
  const leaves: (() => void)[] = [];
  // A few at a time, as browsers come.
  for (let i = 0; i < dashboards; i += 20)
    leaves.push(...(await Promise.all(Array.from({ length: Math.min(20, dashboards - i) }, join))));
  if (job.stalled) leaves.push(await stall(job));
  process.send?.({ joined: dashboards });
  await finished.promise;
  for (const leave of leaves) leave();
  process.send?.({ latency: summarise(latencies), gaps });
}

process.on('message', (job: DashboardsJob) => void follow(job));
process.send?.({ ready: true });
