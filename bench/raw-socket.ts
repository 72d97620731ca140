import { connect } from 'node:net';

/** A WebSocket client that only cuts frames: what is measured with it is the server, not a client library. */
export interface RawSocket {
  /** At most 65,535 bytes. */
  say(text: string): void;
  /** Reads nothing any more. */
  pause(): void;
  close(): void;
}

/** Masked with zeros, as RFC 6455 §5.3 asks clients to and allows. */
const frameOf = (text: string): Buffer => {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? [0x80 | length] : [0xfe, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([0x81, ...head, 0, 0, 0, 0]), Buffer.from(text)]);
};

/** Cuts the server's frames, which have no mask, out of what came; gives back what is not whole yet. */
function cut(bytes: Buffer, heard: (text: string) => void): Buffer {
  let at = 0;
  while (bytes.length - at >= 2) {
    const short = bytes[at + 1] ?? 0;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length - at < head) break;
    const length =
      short < 126
        ? short
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : Number(bytes.readBigUInt64BE(at + 2));
    if (bytes.length - at < head + length) break;
    heard(bytes.toString('utf8', at + head, at + head + length));
    at += head + length;
  }
  return bytes.subarray(at);
}

/** Resolves when the server has let it in. */
export function connectRaw(
  url: string,
  path: string,
  token: string,
  heard: (text: string, socket: RawSocket) => void,
): Promise<RawSocket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  const raw: RawSocket = {
    say: (text) => socket.write(frameOf(text)),
    pause: () => socket.pause(),
    close: () => socket.destroy(),
  };
  const lines = [
    `GET ${path} HTTP/1.1`,
    'host: bench',
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
    ...(token ? [`authorization: Bearer ${token}`] : []),
  ];
  return new Promise((resolve, reject) => {
    let rest = Buffer.alloc(0);
    let open = false;
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      if (!open) {
        const end = rest.indexOf('\r\n\r\n');
        if (end < 0) return;
        const answer = rest.toString('latin1', 0, end);
        if (!answer.startsWith('HTTP/1.1 101')) return reject(new Error(answer));
        open = true;
        resolve(raw);
        rest = rest.subarray(end + 4);
      }
      rest = cut(rest, (text) => heard(text, raw)) as typeof rest;
      return undefined;
    });
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  });
}
