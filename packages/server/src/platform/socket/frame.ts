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

const headLength = (length: number): number => (length < 126 ? 2 : length < 65_536 ? 4 : 10);

/** Unmasked, final text frames (RFC 6455 §5.2), one after the other. `4` is Engine.IO's message packet. */
export function webSocketFrames(packets: readonly string[]): Buffer {
  const lengths = packets.map((packet) => 1 + Buffer.byteLength(packet));
  const frames = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + headLength(length) + length, 0));
  let at = 0;
  for (const [i, packet] of packets.entries()) {
    const length = lengths[i] as number;
    const head = headLength(length);
    frames[at] = 0x81;
    if (head === 2) frames[at + 1] = length;
    else if (head === 4) {
      frames[at + 1] = 126;
      frames.writeUInt16BE(length, at + 2);
    } else {
      frames[at + 1] = 127;
      frames.writeBigUInt64BE(BigInt(length), at + 2);
    }
    frames[at + head] = 0x34;
    frames.write(packet, at + head + 1);
    at += head + length;
  }
  return frames;
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
      return (socketIoFrames ??= webSocketFrames(packet()));
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
