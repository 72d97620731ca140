import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/**
 * Opens a regular file for reading. A path that others chose may be a named pipe: to open one waits until somebody writes,
 * holds a thread of the pool meanwhile and keeps the process from ending. So it is opened without waiting and looked at.
 * Throws what the system throws, and `ENOTFILE` for whatever is no regular file.
 */
export async function openFile(path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if ((await handle.stat()).isFile()) return handle;
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
  await handle.close();
  throw Object.assign(new Error(`${path} is no regular file`), { code: 'ENOTFILE' });
}

/** All of a small text file that others may have put there. Throws when it is larger, or no regular file. */
export async function readSmallFile(path: string, mostBytes: number): Promise<string> {
  const handle = await openFile(path);
  try {
    const { size } = await handle.stat();
    if (size > mostBytes) throw new Error(`${path} is larger than ${mostBytes} bytes`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
