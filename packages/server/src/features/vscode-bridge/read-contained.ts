import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fault, raise } from '../../kernel/fault.ts';
import { openFile } from '../../platform/files/open-file.ts';
import { containedIn } from './core/contain.ts';

const mostBytes = 1_048_576;
const mostLinks = 20;

const outside = () =>
  raise(
    fault(
      'forbidden',
      'path_not_allowed',
      'This path is in none of the folders of `vscode.roots` in vigiles.yaml.',
    ),
  );
const missing = () => raise(fault('not-found', 'file_not_found', 'There is no such file.'));

/**
 * The file a path means, every link on the way followed by hand: each step is checked to be inside before the disk is asked
 * whether it is there. A link that leads out is refused whether its target exists or not.
 */
async function follow(path: string, roots: readonly string[]): Promise<string> {
  let wanted = path;
  for (let links = 0; links <= mostLinks; links += 1) {
    const place = containedIn(wanted, roots) ?? outside();
    let at = place.root;
    let next: string | null = null;
    for (const [index, part] of place.parts.entries()) {
      at = join(at, part);
      // oxlint-disable-next-line no-await-in-loop -- each step depends on the one before
      const found = await lstat(at).catch(() => null);
      if (!found) return missing();
      if (!found.isSymbolicLink()) continue;
      // oxlint-disable-next-line no-await-in-loop -- as above
      next = resolve(dirname(at), await readlink(at), ...place.parts.slice(index + 1));
      break;
    }
    if (next === null) return at;
    wanted = next;
  }
  return missing();
}

/**
 * A text file below one of the roots. Raises `path_not_allowed` before anything says whether the file exists, then
 * `file_not_found`, `file_too_large` or `not_text`.
 */
export async function readContained(
  path: string,
  roots: readonly string[],
): Promise<{ path: string; content: string }> {
  const file = await follow(path, roots);
  const handle = await openFile(file).catch(missing);
  try {
    // Between the look and the opening a folder may have become a link.
    if ((await follow(path, roots)) !== file) return outside();
    const { size } = await handle.stat();
    if (size > mostBytes)
      return raise(
        fault('invalid', 'file_too_large', `Files up to ${mostBytes} bytes are read; this has ${size}.`),
      );
    const buffer = Buffer.alloc(mostBytes);
    const { bytesRead } = await handle.read(buffer, 0, mostBytes, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (bytes.includes(0)) return raise(fault('invalid', 'not_text', 'This is no text file.'));
    return { path: file, content: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (thrown) {
    if (thrown instanceof TypeError) return raise(fault('invalid', 'not_text', 'This is no text file.'));
    throw thrown;
  } finally {
    await handle.close();
  }
}
