import type { FaultDetector } from '@vigiles/contract';

const shown = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(shown).join(', ')
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);

/** Says nothing: unset, off, or without entries. */
const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === false ||
  (typeof value === 'object' && Object.keys(value).length === 0);

function flatten(name: string, value: unknown): [string, string][] {
  if (isEmpty(value)) return [];
  if (typeof value !== 'object' || Array.isArray(value)) return [[name, shown(value)]];
  return Object.entries(value as object).flatMap(([key, each]) => flatten(`${name}.${key}`, each));
}

/** What a detector looks for, as names and values; what is not set is left out. */
export function detectorTerms(detector: FaultDetector): [string, string][] {
  const { type: _type, signal: _signal, window: _window, hold_s: _hold, ...rest } = detector;
  return Object.entries(rest).flatMap(([name, value]) => flatten(name, value));
}
