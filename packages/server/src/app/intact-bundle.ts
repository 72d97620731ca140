import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

interface Inputs {
  hash: string;
  /** Paths below the repository, in the order they were hashed. */
  files: string[];
  /** `stampOf` these files when they were bundled. */
  stamp?: string;
}

/** Sizes and times of files: while they are the same, so is what stands in them. Throws where one is gone. */
export function stampOf(base: string, files: readonly string[]): string {
  let text = '';
  for (const file of files) {
    const { size, mtimeMs } = statSync(`${base}/${file}`);
    text += `${size} ${mtimeMs}\n`;
  }
  return createHash('sha256').update(text).digest('hex');
}

/**
 * A file of a bundle, when the bundle was made from exactly the sources that lie here, else null: then the sources are to be
 * run (docs/adr/0008). Asks for sizes and times of some thousand small files, 10 ms; where those differ, as after a copy, it reads
 * them, which takes a tenth of a start.
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
    if (!existsSync(bundled)) return null;
    if (inputs.stamp === stampOf(base, inputs.files)) return bundled;
    const hash = createHash('sha256');
    for (const input of inputs.files) hash.update(readFileSync(join(base, input)));
    return hash.digest('hex') === inputs.hash ? bundled : null;
  } catch {
    return null;
  }
}
