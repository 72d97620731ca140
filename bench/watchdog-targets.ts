import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** So many HTTP services of their own, each on a port of its own. Says which ports, then answers until it is ended. */
const count = Number(process.argv[2] ?? 1000);

const listen = (server: Server) =>
  new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );

const ports: number[] = [];
for (let at = 0; at < count; at += 1) {
  const server = createServer((_request, response) => void response.end('ok'));
  server.keepAliveTimeout = 60_000;
  ports.push(await listen(server));
}
process.send?.({ ports });
