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

/** What any of them has just read: a buffer of its own for each read would make this process collect garbage for milliseconds. */
const lately = Buffer.alloc(65_536);

/** Resolves when the server has let it in. */
export function connectRaw(
  url: string,
  path: string,
  token: string,
  heard: (text: string, socket: RawSocket) => void,
): Promise<RawSocket> {
  const { hostname, port } = new URL(url);
  const onread = {
    buffer: lately,
    callback(length: number) {
      read(lately.subarray(0, length));
      return true;
    },
  };
  let read: (chunk: Buffer) => void = () => undefined;
  const socket = connect({ port: Number(port), host: hostname, onread });
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
    let rest: Buffer = Buffer.alloc(0);
    let open = false;
    socket.on('error', reject);
    read = (chunk) => {
      let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      if (!open) {
        const end = bytes.indexOf('\r\n\r\n');
        rest = Buffer.from(bytes);
        if (end < 0) return;
        const answer = bytes.toString('latin1', 0, end);
        if (!answer.startsWith('HTTP/1.1 101')) return reject(new Error(answer));
        open = true;
        resolve(raw);
        bytes = bytes.subarray(end + 4);
      }
      const left = cut(bytes, (text) => heard(text, raw));
      // What is not whole yet is kept; the rest of it comes over the same place.
      rest = left.length === 0 ? left : Buffer.from(left);
      return undefined;
    };
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  });
}
