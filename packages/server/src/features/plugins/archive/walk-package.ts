import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { FaultError } from '../../../kernel/fault.ts';
import { archiveRefused } from '../core/refused.ts';
import { createTarReader, type ArchiveLimits, type TarSink } from '../core/tar-reader.ts';

/**
 * Reads a package from disk, piece by piece, and hands on what is in it. Raises `plugin_archive_refused`.
 * @param bytes its size
 */
export async function walkPackage(
  file: string,
  bytes: number,
  limits: ArchiveLimits,
  sink: TarSink,
): Promise<{ entries: number; unpackedBytes: number }> {
  const reader = createTarReader(bytes, limits, sink);
  try {
    await pipeline(createReadStream(file), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) reader.write(chunk);
    });
  } catch (thrown) {
    const { code } = thrown as { code?: string };
    if (!(thrown instanceof FaultError) && typeof code === 'string' && /^Z_|^ERR_/.test(code))
      archiveRefused('it is no gzip file, or a damaged one');
    throw thrown;
  }
  return reader.end();
}
