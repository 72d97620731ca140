const deepest = 20;
const longest = 255;

/** Names that are devices on Windows, with whatever ending. */
const device = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i;

/**
 * Why a path of an archive is refused, or null. What it may be lies within the package on every system, under one name only:
 * relative, forward slashes, no `.`, `..`, drives, streams, devices, control or direction characters.
 */
export function entryPathProblem(path: string): string | null {
  if (path === '') return 'has no name';
  if (new TextEncoder().encode(path).length > longest) return `is longer than ${longest} bytes`;
  if (path.startsWith('/')) return 'is absolute';
  if (/^[A-Za-z]:/.test(path)) return 'begins with a drive letter';
  if (path.includes('\\')) return 'has a backslash';
  if (/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(path)) return 'has characters that cannot be seen';
  if (/[:*?"<>|]/.test(path)) return 'has a character that Windows does not take';
  if (/%(?:2e|2f|5c|00)/i.test(path)) return 'has encoded dots or slashes';
  if (path.normalize('NFC') !== path) return 'is not in Unicode’s composed form';
  const parts = path.split('/');
  if (parts.length > deepest) return `lies deeper than ${deepest} folders`;
  for (const part of parts) {
    if (part === '') return 'has an empty part';
    if (part === '.' || part === '..') return `has “${part}” in it`;
    if (/^ |[ .]$/.test(part)) return 'has a part that begins or ends with a space, or ends with a dot';
    if (device.test(part)) return 'has the name of a device';
  }
  return null;
}

/** What two paths have in common that some file systems take for one: letter case and Unicode's forms are folded. */
export const foldPath = (path: string): string =>
  path.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');

/**
 * Takes the paths of an archive one by one and says why one cannot stand beside those before it, or null. A folder is implied
 * by what is in it.
 */
export function createPathLedger(): {
  add(path: string, kind: 'file' | 'folder'): string | null;
  count(): number;
} {
  const known = new Map<string, { path: string; kind: 'file' | 'folder' }>();
  const enter = (path: string, kind: 'file' | 'folder'): string | null => {
    const folded = foldPath(path);
    const other = known.get(folded);
    if (!other) known.set(folded, { path, kind });
    else if (other.path !== path) return `is the same as “${other.path}” where letter case is not told apart`;
    else if (other.kind !== kind || kind === 'file') return 'is there twice';
    return null;
  };
  return {
    add(path, kind) {
      const parts = path.split('/');
      for (let depth = 1; depth < parts.length; depth += 1) {
        const problem = enter(parts.slice(0, depth).join('/'), 'folder');
        if (problem) return problem;
      }
      return enter(path, kind);
    },
    count: () => known.size,
  };
}
