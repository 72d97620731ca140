import { serverClock } from './server-clock.ts';

/** What the top bar says about the live connection. `since` is when it entered this state. */
export interface Connection {
  state: 'connecting' | 'live' | 'reconnecting' | 'offline';
  since: number;
}

/** After this long without a connection "reconnecting" would be a promise; say offline. */
const OFFLINE_AFTER_MS = 15_000;

let current: Connection = { state: 'connecting', since: serverClock.now() };
let offlineTimer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function set(next: Connection): void {
  current = next;
  for (const listener of listeners) listener();
}

/** The connection as an external store. `since` of offline is when the contact was lost. */
export const connection = {
  snapshot: (): Connection => current,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  live(): void {
    clearTimeout(offlineTimer);
    if (current.state !== 'live') set({ state: 'live', since: serverClock.now() });
  },
  lost(): void {
    if (current.state === 'reconnecting' || current.state === 'offline') return;
    const since = serverClock.now();
    set({ state: 'reconnecting', since });
    clearTimeout(offlineTimer);
    offlineTimer = setTimeout(() => set({ state: 'offline', since }), OFFLINE_AFTER_MS);
  },
};
