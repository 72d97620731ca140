import { isDeepStrictEqual } from 'node:util';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Dotted paths whose values differ; a list that differs anywhere is one path. */
export function changedPaths(next: unknown, previous: unknown, path = ''): string[] {
  if (isDeepStrictEqual(next, previous)) return [];
  if (!isRecord(next) || !isRecord(previous)) return [path];
  const keys = [...new Set([...Object.keys(previous), ...Object.keys(next)])].sort();
  return keys.flatMap((key) => changedPaths(next[key], previous[key], path === '' ? key : `${path}.${key}`));
}
