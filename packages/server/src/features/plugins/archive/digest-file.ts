import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { archiveRefused } from '../core/refused.ts';

export interface FileDigest {
  bytes: number;
  /** `sha512-` and base64. */
  sha512: string;
  /** Hex. */
  sha256: string;
}

/** Digests of a file that may have at most so many bytes. */
export async function digestFile(file: string, mostBytes: number): Promise<FileDigest> {
  const strong = createHash('sha512');
  const short = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) archiveRefused(`it is larger than ${mostBytes} bytes`);
    strong.update(chunk);
    short.update(chunk);
  }
  return { bytes, sha512: `sha512-${strong.digest('base64')}`, sha256: short.digest('hex') };
}
