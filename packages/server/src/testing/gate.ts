import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands before a port of this machine. Closed, it takes connections and nothing comes of them. */
export async function startGate(behind: number) {
  const sockets = new Set<Socket>();
  const gate = { open: true, held: 0 };
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer((socket) => {
    keep(socket);
    if (!gate.open) {
      gate.held += 1;
      return;
    }
    const other = keep(connect(behind, '127.0.0.1'));
    socket.pipe(other).pipe(socket);
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    gate,
    close: (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      return new Promise((done) => void server.close(() => done()));
    },
  };
}
