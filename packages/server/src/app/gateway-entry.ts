import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const fromSource = fileURLToPath(new URL('./gateway-main.ts', import.meta.url));

interface Inputs {
  hash: string;
  /** Paths below the repository, in the order they were hashed. */
  files: string[];
}

/**
 * The file that a gateway process is started with: the bundle, when it was made from exactly the sources that lie here,
 * else the sources themselves (docs/adr/0008). Reads about 250 small files, some 10 ms.
 * @param folder where the bundle lies; @param base what its inputs are relative to
 */
export function gatewayEntry(
  folder = join(root, 'packages', 'server', 'dist', 'gateway'),
  base = root,
): string {
  const bundled = join(folder, 'gateway-main.js');
  try {
    const inputs = JSON.parse(readFileSync(join(folder, 'inputs.json'), 'utf8')) as Inputs;
    const hash = createHash('sha256');
    for (const file of inputs.files) hash.update(readFileSync(join(base, file)));
    return hash.digest('hex') === inputs.hash && existsSync(bundled) ? bundled : fromSource;
  } catch {
    return fromSource;
  }
}
