import type { IncomingMessage } from 'node:http';
import { releaseBytes } from '../../../platform/http-client/index.ts';
import { GatewayRequest, type TakeChunk } from './gateway-request.ts';

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
  const take: TakeChunk = (chunk) => {
    if (chunk === null) {
      done(chunks.length === 1 ? (chunks[0] as Buffer) : joined(chunks, bytes));
      return true;
    }
    bytes += chunk.length;
    if (bytes <= maxBytes) {
      chunks.push(chunk);
      return true;
    }
    req.off('data', take).off('end', onEnd);
    discard(req);
    done('too-large');
    return false;
  };
  const onEnd = (): boolean => take(null);
  if (!(req instanceof GatewayRequest) || !req.takeBody(take)) req.on('data', take).on('end', onEnd);
}

/** The parser may still stand in the last piece; it has copied the others for nobody else. */
function joined(chunks: Buffer[], bytes: number): Buffer {
  const whole = Buffer.concat(chunks, bytes);
  chunks.pop();
  for (const piece of chunks) releaseBytes(piece);
  return whole;
}

function discard(req: IncomingMessage): void {
  let bytes = 0;
  req.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_DISCARDED_BYTES) req.destroy();
  });
  req.resume();
}
