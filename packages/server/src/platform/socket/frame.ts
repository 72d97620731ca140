import type { Frame } from './outlet.ts';

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
  let socketIo: string | undefined;
  let socketIoFrame: Buffer | undefined;
  let ws: Buffer | undefined;
  let sse: string | undefined;
  return {
    get socketIo() {
      return (socketIo ??= `2${JSON.stringify(parts.socketIo())}`);
    },
    get socketIoFrame() {
      return (socketIoFrame ??= webSocketFrame(this.socketIo));
    },
    get ws() {
      return (ws ??= Buffer.from(JSON.stringify(parts.ws())));
    },
    get sse() {
      return (sse ??= sseText(parts.sse()));
    },
  };
}
