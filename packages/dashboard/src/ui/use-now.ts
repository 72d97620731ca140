import { useSyncExternalStore } from 'react';
import { serverClock } from '../live/server-clock.ts';

const listeners = new Set<() => void>();
let now = serverClock.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for every age on the screen; it stops when nothing shows one. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (document.hidden) return;
    now = serverClock.now();
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
  if (!timer) now = serverClock.now();
  return now;
};

/** UTC milliseconds of the server, whose moments are shown; renewed each second. */
export const useNow = (): number => useSyncExternalStore(subscribe, read);
