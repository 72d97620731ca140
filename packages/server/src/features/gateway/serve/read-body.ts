import type { IncomingMessage } from 'node:http';

/** A body that passed the limit is thrown away up to this much, so that the client reads the answer; then it is cut off. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;

/**
 * Collects a request body. `done` is called once, with the bytes or with `too-large`; never when the client leaves
 * before its body is complete.
 */
export function readBody(
  req: IncomingMessage,
  maxBytes: number,
  done: (body: Buffer | 'too-large') => void,
): void {
  const announced = Number(req.headers['content-length'] ?? 0);
  if (announced > maxBytes) {
    discard(req);
    done('too-large');
    return;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes <= maxBytes) {
      chunks.push(chunk);
      return;
    }
    req.off('data', onData).off('end', onEnd);
    discard(req);
    done('too-large');
  };
  const onEnd = (): void => done(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes));
  req.on('data', onData).on('end', onEnd);
}

function discard(req: IncomingMessage): void {
  let bytes = 0;
  req.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_DISCARDED_BYTES) req.destroy();
  });
  req.resume();
}
