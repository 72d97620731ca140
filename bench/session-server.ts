import { startBareSocketIo, startBareWs } from '../packages/server/src/testing/bare-sockets.ts';
import { startTestControl } from '../packages/server/src/testing/test-control.ts';

/**
 * The server under test, in a process of its own: `vigiles` is a whole control, the others do nothing but pass on what
 * they hear. Told `watch`, it answers with the most bytes that its clients have left unread since the last time, and its
 * CPU time so far.
 */
export type ServerKind = 'vigiles' | 'socket.io' | 'ws';
export interface ServerReady {
  kind: ServerKind;
  url: string;
  token: string;
}

const kind = (process.argv[2] ?? 'vigiles') as ServerKind;

async function start(): Promise<{ ready: ServerReady; unread(): number }> {
  if (kind === 'socket.io')
    return { ready: { kind, token: '', ...(await startBareSocketIo()) }, unread: () => 0 };
  if (kind === 'ws') return { ready: { kind, token: '', ...(await startBareWs()) }, unread: () => 0 };
  const { control, url, admin } = await startTestControl();
  return { ready: { kind, url, token: admin }, unread: () => control.stream.unreadBytes() };
}

const { ready, unread } = await start();
let most = 0;
setInterval(() => (most = Math.max(most, unread())), 20);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ unread: most, cpuMs: (user + system) / 1000, rssMb: process.memoryUsage().rss / 1e6 });
  most = 0;
});
process.send?.(ready);
