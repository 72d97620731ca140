import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what systems give by themselves to connections and to who asks for any port: Linux from 32768, others from 49152 (RFC 6335). */
const [first, end] = [10_240, 32_768];
const mostTries = 200;

const canListen = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'EADDRINUSE' || thrown.code === 'EACCES') resolve(false);
      else reject(thrown);
    });
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });

/**
 * A port that is free on this host, and stays it until a process is started on it or started again: the system gives it to
 * nobody by itself. Throws where none is found, or nobody can listen on the host.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const port = randomInt(first, end);
    if (await canListen(port, host)) return port;
  }
  throw new Error(`No free port was found on ${host}`);
}
