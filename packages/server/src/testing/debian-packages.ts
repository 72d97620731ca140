import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Debian's packages, fetched with the system's own package manager and unpacked into the temporary folder, once per machine;
 * nothing is installed.
 * @param name of the folder
 * @param program a path within it that is there once all is
 * @returns the folder; null: they cannot be had
 */
export function unpackedPackages(name: string, packages: readonly string[], program: string): string | null {
  const folder = join(tmpdir(), `vigiles-${name}-${process.getuid?.() ?? 0}`);
  const usable = () => (existsSync(join(folder, program)) ? folder : null);
  if (existsSync(folder)) return usable();
  const fresh = mkdtempSync(`${folder}-`);
  try {
    const files = join(fresh, 'packages');
    mkdirSync(files);
    const got = spawnSync('apt-get', ['download', ...packages], {
      cwd: files,
      stdio: 'ignore',
      timeout: 60_000,
    });
    if (got.status !== 0) return null;
    for (const file of readdirSync(files))
      if (spawnSync('dpkg-deb', ['-x', join(files, file), fresh], { stdio: 'ignore' }).status !== 0)
        return null;
    rmSync(files, { recursive: true });
    try {
      renameSync(fresh, folder);
    } catch {
      // Another test was faster; its folder is as good.
    }
    return usable();
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
