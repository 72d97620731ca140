/** A path inside one of the roots. */
export interface Contained {
  root: string;
  /** Parts below the root; none for the root itself. */
  parts: readonly string[];
}

/** Where names may hold a backslash it is a letter like any other; drives have letters only where it is not. */
const separatorOf = (path: string): string | RegExp => (/^[A-Za-z]:/.test(path) ? /[\\/]/ : '/');
const isAbsolute = (path: string): boolean => /^(?:\/|[A-Za-z]:[\\/])/.test(path);

/** The parts of a path with `.` and `..` folded; null where it climbs above its start. */
function partsOf(path: string): string[] | null {
  const parts: string[] = [];
  for (const part of path.split(separatorOf(path))) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts;
}

/**
 * Where a path lies, told from its letters alone: no disk is looked at, so that the answer is the same whether the file exists
 * or not. Null outside of every root. Relative paths count from the first root.
 * @param roots absolute
 */
export function containedIn(path: string, roots: readonly string[]): Contained | null {
  const [first] = roots;
  if (first === undefined || path.includes('\0')) return null;
  const whole = partsOf(isAbsolute(path) ? path : `${first}/${path}`);
  if (!whole) return null;
  for (const root of roots) {
    const start = partsOf(root);
    if (start && start.length <= whole.length && start.every((part, index) => whole[index] === part))
      return { root, parts: whole.slice(start.length) };
  }
  return null;
}
