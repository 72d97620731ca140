import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for every age on the screen; it stops when nothing shows one. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (document.hidden) return;
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const read = (): number => {
  // The first reader after a pause must not see the time of the pause.
  if (!timer) now = Date.now();
  return now;
};

/** UTC milliseconds, renewed each second. */
export const useNow = (): number => useSyncExternalStore(subscribe, read);
