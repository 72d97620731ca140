import { io, type Socket } from 'socket.io-client';
import { connectBareWs } from '../packages/server/src/testing/bare-sockets.ts';
import type { ServerReady } from './session-server.ts';

/** An orchestrator in a process of its own. Open loop: what is due is sent, stamped with the time it was due at. */
export interface GeneratorJob extends ServerReady {
  sessionId: string;
  count: number;
  perSecond: number;
  /** Of the text in each event. */
  bytes: number;
}

const now = () => Number(process.hrtime.bigint()) / 1e6;

async function sender({ kind, url, token }: GeneratorJob): Promise<(event: object) => void> {
  if (kind === 'ws') {
    const ws = await connectBareWs(url, () => undefined);
    return (event) => ws.send(JSON.stringify(event));
  }
  const socket: Socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true });
  socket.on('error', (refused: unknown) => console.error('refused', refused));
  await new Promise<void>((resolve) => socket.once('connected', () => resolve()));
  return (event) => socket.emit('cli_event', event);
}

async function generate(job: GeneratorJob): Promise<void> {
  const { sessionId: session_id, count, perSecond, bytes } = job;
  const send = await sender(job);
  const gap = 1000 / perSecond;
  const text = 'x'.repeat(bytes);
  const started = now();
  let n = 0;
  const publish = () => {
    while (n < count && started + n * gap <= now()) {
      const data = { at: started + n * gap, n, text };
      send({ session_id, event_type: 'skill:progress', data });
      n += 1;
    }
    if (n < count) setTimeout(publish, 1);
    else process.send?.({ sent: n });
  };
  publish();
}

process.on('message', (job: GeneratorJob) => void generate(job));
process.send?.({ ready: true });
