import { webSocketFrames } from './frame.ts';

/** What Engine.IO is about to write. */
export interface EnginePacket {
  type: string;
  data?: unknown;
  options?: { compress?: boolean; wsPreEncodedFrame?: readonly Buffer[] };
}

const isText = ({ type, data, options }: EnginePacket): boolean =>
  type === 'message' && typeof data === 'string' && options?.wsPreEncodedFrame === undefined;

/**
 * Messages that stand next to each other as one piece of bytes, each still a frame of its own; everything else as it was. For a
 * WebSocket only.
 */
export function joinMessages(packets: readonly EnginePacket[]): EnginePacket[] {
  const joined: EnginePacket[] = [];
  for (let from = 0; from < packets.length;) {
    let to = from;
    const texts: string[] = [];
    for (let next = packets[to]; next && isText(next); next = packets[(to += 1)])
      texts.push(next.data as string);
    if (texts.length > 1) {
      const options = { compress: false, wsPreEncodedFrame: [webSocketFrames(texts)] };
      joined.push({ type: 'message', options });
    } else joined.push(...packets.slice(from, (to = Math.max(to, from + 1))));
    from = to;
  }
  return joined;
}
