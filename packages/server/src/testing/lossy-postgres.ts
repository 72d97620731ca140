import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between a store and PostgreSQL, and can lose what the server says. */
export interface LossyPostgres {
  url: string;
  /**
   * The connection of the next COMMIT is cut when PostgreSQL has carried it out and before its client hears of it. Resolves then.
   */
  loseNextCommit(): Promise<void>;
  close(): Promise<void>;
}

/** @param url of a database on a server that speaks TCP without TLS */
export async function startLossyPostgres(url: string): Promise<LossyPostgres> {
  const to = new URL(url);
  const sockets = new Set<Socket>();
  let lost: (() => void) | null = null;
  const server = createServer((client) => {
    const upstream = connect(Number(to.port), to.hostname);
    let losing: (() => void) | null = null;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (said) => {
      if (lost && said.includes('commit\0')) {
        losing = lost;
        lost = null;
      }
      upstream.write(said);
    });
    upstream.on('data', (said) => {
      if (!losing) client.write(said);
      else if (said.includes('COMMIT\0')) {
        client.destroy();
        losing();
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    loseNextCommit: () =>
      new Promise((resolve) => {
        lost = resolve;
      }),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
