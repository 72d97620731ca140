import { createServer } from 'node:net';

const free = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (thrown: NodeJS.ErrnoException) =>
      // A machine without IPv6 cannot have anything on it.
      resolve(thrown.code === 'EADDRNOTAVAIL' || thrown.code === 'EAFNOSUPPORT'),
    );
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });

/** Whether a port can be listened on, over IPv4 and IPv6, by trying it for a moment on the loopback. */
export async function canBind(port: number): Promise<boolean> {
  return (await free(port, '127.0.0.1')) && free(port, '::1');
}
