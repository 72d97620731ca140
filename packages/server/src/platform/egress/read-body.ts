import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { fault, raise } from '../../kernel/fault.ts';

const decoders: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/**
 * The whole body, decoded. Counted after decoding, as it comes: a small answer that grows is cut off in time. Raises
 * `egress_too_large`, and `egress_bad_answer` where the encoding is unknown or broken. With `take` nothing is kept: it gets
 * the pieces until it answers false. `received` is told of every piece, also of an answer that ends in a fault.
 */
export async function readBody(
  body: Readable,
  encoding: string,
  maxBytes: number,
  take?: (chunk: Buffer) => boolean,
  received?: (bytes: number) => void,
): Promise<Buffer> {
  // Cut off on purpose below, which undici reports as an error of the body.
  body.on('error', () => undefined);
  const coding = encoding.trim().toLowerCase();
  let stream: Readable = body;
  if (coding !== '' && coding !== 'identity') {
    // More than one coding on top of another has no use but to hide how large the answer is.
    const decoder = decoders[coding];
    if (!decoder) {
      body.destroy();
      raise(fault('upstream', 'egress_bad_answer', 'The answer is encoded in a way that is not understood.'));
    }
    const decoding = decoder() as NodeJS.ReadWriteStream & Readable;
    body.on('error', (thrown) => decoding.destroy(thrown));
    body.pipe(decoding);
    stream = decoding;
  }
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of stream) {
      const chunk = part as Buffer;
      bytes += chunk.length;
      received?.(chunk.length);
      if (bytes > maxBytes) {
        raise(fault('upstream', 'egress_too_large', `The answer is longer than ${maxBytes} bytes.`));
      }
      if (!take) parts.push(chunk);
      else if (!take(chunk)) return Buffer.alloc(0);
    }
  } catch (thrown) {
    const { code } = thrown as { code?: string };
    if (typeof code === 'string' && /^Z_|^ERR_(_?ZLIB|BROTLI|BUFFER|ZSTD)/.test(code)) {
      raise(fault('upstream', 'egress_bad_answer', 'The answer could not be decoded.', { cause: thrown }));
    }
    throw thrown;
  } finally {
    stream.destroy();
    body.destroy();
  }
  return Buffer.concat(parts);
}
