import type { Difference } from '@vigiles/contract';

const MAX_DIFFERENCES = 50;

/** Where two JSON values differ, as paths. */
export function differences(recorded: unknown, replayed: unknown): Difference[] {
  const found: Difference[] = [];
  compare(recorded, replayed, '', found);
  return found;
}

function compare(recorded: unknown, replayed: unknown, path: string, found: Difference[]): void {
  if (found.length >= MAX_DIFFERENCES || recorded === replayed) return;
  if (isObject(recorded) && isObject(replayed) && Array.isArray(recorded) === Array.isArray(replayed)) {
    for (const name of new Set([...Object.keys(recorded), ...Object.keys(replayed)])) {
      compare(recorded[name], replayed[name], path === '' ? name : `${path}.${name}`, found);
    }
    return;
  }
  found.push({ path, recorded: recorded ?? null, replayed: replayed ?? null });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
