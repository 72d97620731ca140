import { io } from 'socket.io-client';
import type { ServerReady } from './session-server.ts';

/** An orchestrator that says one event after the other over one socket and does not wait for each. */
export interface SinglesJob extends ServerReady {
  events: number;
}
export interface Singles {
  /** From the first event to the acknowledgement of the last: each is on disk then. */
  ms: number;
}

/** Said and not acknowledged yet, at most: the server takes 5,000. */
const mostOpen = 4_000;

async function say({ url, token, events }: SinglesJob): Promise<number> {
  const socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true });
  await new Promise<void>((resolve) => socket.once('connected', () => resolve()));
  const started = performance.now();
  await new Promise<void>((resolve, reject) => {
    let said = 0;
    let stored = 0;
    const acknowledged = (answer: { success: boolean; error?: string }) => {
      if (!answer.success) return reject(new Error(answer.error));
      stored += 1;
      if (stored === events) resolve();
      else more();
      return undefined;
    };
    const more = () => {
      for (; said < events && said - stored < mostOpen; said += 1) {
        const data = { skill_name: 'plan', message: `a line of ordinary length, number ${said}` };
        const event = { session_id: 'bench-singles', event_type: 'skill:progress', data };
        socket.emit('cli_event', event, acknowledged);
      }
    };
    more();
  });
  const ms = performance.now() - started;
  socket.disconnect();
  return ms;
}

process.on(
  'message',
  (job: SinglesJob) => void say(job).then((ms) => process.send?.({ ms } satisfies Singles)),
);
process.send?.({ ready: true });
