import type { Frame, Outlet } from './outlet.ts';

interface SseEvent {
  /** What the client names when it takes the stream up again; without line breaks. */
  id?: number | string;
  event?: string;
  data: unknown;
}

export interface FrameParts {
  /** Socket.IO event name and its one argument. */
  socketIo: () => [name: string, argument: unknown];
  ws: () => unknown;
  sse: () => SseEvent;
}

/** `id`, `event` and `data` lines; JSON holds no line breaks, so one `data` line is enough. */
function sseText({ id, event, data }: SseEvent): string {
  const head = `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}`;
  return `${head}data: ${JSON.stringify(data)}\n\n`;
}

/**
 * An unmasked, final text frame (RFC 6455 §5.2). `4` is Engine.IO's message packet.
 */
function webSocketFrame(packet: string): Buffer {
  const length = 1 + Buffer.byteLength(packet);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x81;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame[head] = 0x34;
  frame.write(packet, head + 1);
  return frame;
}

/**
 * A frame that is serialised when a format is first needed, and only once. `2` is a Socket.IO EVENT packet of
 * the default namespace (Socket.IO protocol v5).
 */
export function createFrame(parts: FrameParts): Frame {
  let socketIo: readonly [string] | undefined;
  let socketIoFrames: Buffer | undefined;
  let ws: readonly [Buffer] | undefined;
  let sse: string | undefined;
  const packet = () => (socketIo ??= [`2${JSON.stringify(parts.socketIo())}`]);
  return {
    get socketIo() {
      return packet();
    },
    get socketIoFrames() {
      return (socketIoFrames ??= webSocketFrame(packet()[0]));
    },
    get ws() {
      return (ws ??= [Buffer.from(JSON.stringify(parts.ws()))]);
    },
    get sse() {
      return (sse ??= sseText(parts.sse()));
    },
  };
}

/** Messages that go out together, in their order: each client still gets each of them as one of its own. */
export function joinFrames(frames: readonly Frame[]): Frame {
  const [only] = frames;
  if (only && frames.length === 1) return only;
  let socketIoFrames: Buffer | undefined;
  let sse: string | undefined;
  return {
    get socketIo() {
      return frames.flatMap((frame) => frame.socketIo);
    },
    get socketIoFrames() {
      return (socketIoFrames ??= Buffer.concat(frames.map((frame) => frame.socketIoFrames)));
    },
    get ws() {
      return frames.flatMap((frame) => frame.ws);
    },
    get sse() {
      return (sse ??= frames.map((frame) => frame.sse).join(''));
    },
  };
}

/** Bytes of a frame for a client of this transport; for SSE its characters. */
export function frameBytes(frame: Frame, transport: Outlet['transport']): number {
  if (transport === 'socket.io') return frame.socketIoFrames.length;
  return transport === 'sse' ? frame.sse.length : frame.ws.reduce((sum, { length }) => sum + length, 0);
}
