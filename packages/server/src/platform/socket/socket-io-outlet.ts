import type { Duplex } from 'node:stream';
import type { Socket } from 'socket.io';
import { WebSocket } from 'ws';
import { joinMessages, type EnginePacket } from './join-messages.ts';
import { farewellMs, type Outlet } from './outlet.ts';

/** The parts of Engine.IO's transport that we need to cut a connection that does not read. */
interface RawTransport {
  socket?: {
    terminate?: () => void;
    bufferedAmount?: number;
    readyState?: number;
    _socket?: Pick<Duplex, 'cork' | 'uncork' | 'write' | 'writableLength'>;
  };
  closeTimeout?: number;
}

/**
 * A Socket.IO client. Frames go straight to Engine.IO, already written; what it has not taken waits in
 * `writeBuffer`, which grows without end unless somebody looks.
 */
export function socketIoOutlet(socket: Socket): Outlet {
  const { conn } = socket;
  /** Bytes in `writeBuffer`: Engine.IO empties it as a whole when it hands it to the transport. */
  let queued = 0;
  let dropped = false;
  const raw = (): RawTransport => conn.transport as unknown as RawTransport;
  const queue = () => (conn as unknown as { writeBuffer: unknown[] }).writeBuffer;
  // Between these two Engine.IO writes all that waits, each packet by itself: a frame and a write to the system for each of a
  // hundred acknowledgements, unless they are put together.
  let corked: Pick<Duplex, 'uncork'> | null = null;
  conn.on('flush', (packets: EnginePacket[]) => {
    if (packets.length < 2 || conn.transport.name !== 'websocket') return;
    const joined = joinMessages(packets);
    if (joined.length < packets.length) packets.splice(0, packets.length, ...joined);
    const to = raw().socket?._socket;
    if (packets.length < 2 || corked || !to) return;
    to.cork();
    corked = to;
  });
  conn.on('drain', () => {
    corked?.uncork();
    corked = null;
  });
  /** The connection itself, where everything before has left it: what is written there now cannot overtake anything. */
  const free = (): Pick<Duplex, 'write'> | null => {
    if (conn.transport.name !== 'websocket' || queue().length > 0) return null;
    const { readyState, _socket: to } = raw().socket ?? {};
    return readyState === WebSocket.OPEN && to?.writableLength === 0 ? to : null;
  };
  return {
    transport: 'socket.io',
    send(frame) {
      if (dropped || conn.readyState !== 'open') return;
      const to = free();
      // A third of what a message to a client that keeps up costs is Engine.IO's keeping of books.
      if (to) return void to.write(frame.socketIoFrames);
      if (queue().length === 0) queued = 0;
      queued += frame.socketIoFrames.length;
      if (conn.transport.name === 'websocket')
        // As Socket.IO's own broadcasts do it: Engine.IO writes these bytes as they are, here several frames at once.
        conn.send('', { compress: false, wsPreEncodedFrame: [frame.socketIoFrames] } as object);
      else for (const packet of frame.socketIo) conn.send(packet, { compress: false });
    },
    waiting() {
      const packets = queue().length;
      if (packets === 0) queued = 0;
      return { packets, bytes: queued + (raw().socket?.bufferedAmount ?? 0) };
    },
    drop(reason) {
      if (dropped) return;
      dropped = true;
      queue().length = 0;
      // For a client that is slow but alive: it learns why, then is disconnected (packet `1`).
      if (conn.readyState === 'open') {
        conn.send(`2${JSON.stringify(['dropped', { reason, timestamp: new Date().toISOString() }])}`);
        conn.send('1');
      }
      const transport = raw();
      setTimeout(() => {
        socket.disconnect(true);
        conn.close(true);
        transport.socket?.terminate?.();
      }, farewellMs).unref();
    },
  };
}
