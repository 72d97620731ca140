import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { fault, raise } from '../../kernel/fault.ts';

/**
 * Writes an upload to a file as it comes. Raises `plugin_package_too_large`; nothing is left of it then.
 * @returns its digest, `sha512-…`
 */
export async function receivePackage(
  bytes: AsyncIterable<Uint8Array>,
  file: string,
  mostBytes: number,
): Promise<{ sha512: string; size: number }> {
  const hash = createHash('sha512');
  const handle = await open(file, 'wx', 0o600);
  let size = 0;
  try {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > mostBytes)
        raise(fault('invalid', 'plugin_package_too_large', `The package is larger than ${mostBytes} bytes.`));
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } catch (thrown) {
    await rm(file, { force: true });
    throw thrown;
  } finally {
    await handle.close();
  }
  return { sha512: `sha512-${hash.digest('base64')}`, size };
}
