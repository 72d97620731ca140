import type { ConfigEdit } from '../../data/config.ts';
import type { Path } from './schema-tree.ts';

/** A value that is to be other than what the file says. `value` undefined: taken out, the default holds. */
export interface DraftEdit {
  path: Path;
  value: unknown;
}

type Json = Record<string, unknown> | unknown[];

export const keyOf = (path: Path): string => JSON.stringify(path);
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const startsWith = (path: Path, start: Path): boolean =>
  start.length <= path.length && start.every((part, i) => path[i] === part);

export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (!isJson(value) || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** A copy with another value at a path; undefined takes a key out (an entry of a list stays, as undefined). */
export function withValue(root: unknown, path: Path, value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (typeof part === 'number') {
    const list = Array.isArray(root) ? [...(root as unknown[])] : [];
    list[part] = withValue(list[part], rest, value);
    return list;
  }
  const record = { ...(isJson(root) ? (root as Record<string, unknown>) : {}) };
  if (rest.length === 0 && value === undefined) delete record[part];
  else record[part] = withValue(record[part], rest, value);
  return record;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Sets a value. What was to change below it is part of it now; what is as the file says again is no edit. */
export function setEdit(edits: readonly DraftEdit[], base: unknown, path: Path, value: unknown): DraftEdit[] {
  const above = edits.find((edit) => edit.path.length < path.length && startsWith(path, edit.path));
  if (above && above.value !== undefined) {
    const inside = withValue(above.value, path.slice(above.path.length), value);
    return edits.map((edit) => (edit === above ? { ...edit, value: inside } : edit));
  }
  const others = edits.filter((edit) => !startsWith(edit.path, path));
  return same(valueAt(base, path), value) ? others : [...others, { path, value }];
}

/** Takes an entry out of a list or map; one that was only about to be added is forgotten. */
export function removeEntry(edits: readonly DraftEdit[], base: unknown, path: Path): DraftEdit[] {
  if (valueAt(base, path) !== undefined) return setEdit(edits, base, path, undefined);
  const list = path.slice(0, -1);
  const at = path.at(-1);
  const above = edits.find((edit) => edit.path.length < path.length && startsWith(path, edit.path));
  if (above && isJson(above.value)) {
    const within = valueAt(above.value, list.slice(above.path.length));
    const rest = Array.isArray(within) ? within.filter((_, i) => i !== at) : undefined;
    return rest ? setEdit(edits, base, list, rest) : setEdit(edits, base, path, undefined);
  }
  // New entries after it move up.
  return edits.flatMap((edit) => {
    if (!startsWith(edit.path, list) || edit.path.length <= list.length) return [edit];
    const place = edit.path[list.length];
    if (place === at) return [];
    if (typeof place !== 'number' || typeof at !== 'number' || place < at) return [edit];
    return [{ ...edit, path: [...list, place - 1, ...edit.path.slice(list.length + 1)] }];
  });
}

/** The configuration as it would be. Entries that go are undefined, so that the others keep their places. */
export const workingCopy = (base: unknown, edits: readonly DraftEdit[]): unknown =>
  edits.reduce((root, edit) => withValue(root, edit.path, edit.value), base);

/**
 * The draft as the server takes it: values first, then what goes, from the end of each list.
 * @param inFile whether a list stands in the file: one that does not is written as a whole
 */
export function toPatch(
  edits: readonly DraftEdit[],
  base: unknown,
  inFile: (path: Path) => boolean,
): ConfigEdit[] {
  const working = workingCopy(base, edits);
  const whole = new Map<string, ConfigEdit>();
  const single: DraftEdit[] = [];
  for (const edit of edits) {
    const at = edit.path.findIndex((part, i) => typeof part === 'number' && !inFile(edit.path.slice(0, i)));
    const list = at < 0 ? null : edit.path.slice(0, at);
    if (
      list === null ||
      !Array.isArray(valueAt(base, list)) ||
      (valueAt(base, list) as unknown[]).length === 0
    )
      single.push(edit);
    else {
      const value = (valueAt(working, list) as unknown[]).filter((entry) => entry !== undefined);
      whole.set(keyOf(list), { path: [...list], value });
    }
  }
  const gone = single.filter(({ value }) => value === undefined);
  const set = single
    .filter(({ value }) => value !== undefined)
    // New entries in the order of their places.
    .toSorted((a, b) => comparePaths(a.path, b.path));
  return [
    ...set.map(({ path, value }) => ({ path: [...path], value })),
    ...whole.values(),
    ...gone
      .toSorted((a, b) => comparePaths(b.path, a.path))
      .map(({ path }) => ({ path: [...path], value: null })),
  ];
}

function comparePaths(a: Path, b: Path): number {
  for (const [i, part] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    if (part === other) continue;
    if (typeof part === 'number' && typeof other === 'number') return part - other;
    return String(part) < String(other) ? -1 : 1;
  }
  return a.length - b.length;
}
