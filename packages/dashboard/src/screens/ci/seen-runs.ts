import { useSyncExternalStore } from 'react';

const KEY = 'vigiles.ci-seen';
/** More failures than these nobody puts aside. */
const KEPT = 200;

function load(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string').slice(-KEPT) : [];
  } catch {
    return [];
  }
}

let seen = load();
const listeners = new Set<() => void>();

/** Which attempt of which run: one that fails again asks again. */
export const attemptKey = (run: { id: string; attempt: number }): string => `${run.id}:${run.attempt}`;

/** Takes a failed run out of what waits for this person, on this browser. */
export function putAside(run: { id: string; attempt: number }): void {
  seen = [...seen.filter((each) => each !== attemptKey(run)), attemptKey(run)].slice(-KEPT);
  try {
    localStorage.setItem(KEY, JSON.stringify(seen));
  } catch {
    // Storage can be refused; it then lasts until the page is left.
  }
  for (const listener of listeners) listener();
}

export const useSeenRuns = (): readonly string[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => seen,
  );
