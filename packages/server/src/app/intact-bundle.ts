import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

interface Inputs {
  hash: string;
  /** Paths below the repository, in the order they were hashed. */
  files: string[];
}

/**
 * A file of a bundle, when the bundle was made from exactly the sources that lie here, else null: then the sources are to be
 * run (docs/adr/0008). Reads some hundred small files, 10 to 30 ms.
 * @param name of the bundle: its folder below packages/server/dist
 * @param base what its inputs are relative to
 */
export function intactBundle(
  name: string,
  file: string,
  folder = join(root, 'packages', 'server', 'dist', name),
  base = root,
): string | null {
  const bundled = join(folder, file);
  try {
    const inputs = JSON.parse(readFileSync(join(folder, 'inputs.json'), 'utf8')) as Inputs;
    const hash = createHash('sha256');
    for (const input of inputs.files) hash.update(readFileSync(join(base, input)));
    return hash.digest('hex') === inputs.hash && existsSync(bundled) ? bundled : null;
  } catch {
    return null;
  }
}
