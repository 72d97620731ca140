import type { Beat, VolatileData } from '@vigiles/contract';

/** As many as a bar shows. */
const KEPT = 90;
/** The last screen that showed beats may be on the way to the next one. */
const LINGER_MS = 5_000;

/** The end of a service's beats: those of the list, then what came live since. */
export function joinBeats(listed: readonly Beat[], live: readonly Beat[]): readonly Beat[] {
  const last = listed.at(-1)?.ts ?? 0;
  // After a reconnect the fetched list can already hold what the next message brings.
  const news = live.filter(({ ts }) => ts > last);
  return news.length === 0 ? listed : [...listed, ...news].slice(-KEPT);
}

type Timers = Pick<typeof globalThis, 'setTimeout' | 'clearTimeout'>;

/**
 * Beats as they come, outside React and by service: a beat costs the row that shows it, not the list it stands in.
 * They are only asked for while somebody looks (`wanted`).
 */
export function createBeats({ setTimeout, clearTimeout }: Timers = globalThis) {
  const live = new Map<string, readonly Beat[]>();
  const listeners = new Map<string, Set<() => void>>();
  const wantedListeners = new Set<(wanted: boolean) => void>();
  const none: readonly Beat[] = [];
  let lookers = 0;
  let wanted = false;
  let leaving: ReturnType<typeof setTimeout> | undefined;
  const setWanted = (next: boolean): void => {
    if (next === wanted) return;
    wanted = next;
    // What came before a pause does not join on to what comes after it.
    live.clear();
    for (const listener of wantedListeners) listener(next);
  };
  return {
    add({ beats }: VolatileData<'fleet.beats'>): void {
      const touched = new Set<string>();
      for (const { service, ...beat } of beats) {
        const before = live.get(service) ?? none;
        if (beat.ts <= (before.at(-1)?.ts ?? 0)) continue;
        live.set(service, [...before.slice(1 - KEPT), beat]);
        touched.add(service);
      }
      for (const name of touched) for (const listener of listeners.get(name) ?? []) listener();
    },
    /** What the fetched list has now is forgotten here. */
    forget(services: readonly { name: string; beats: readonly Beat[] }[]): void {
      const names = new Set<string>();
      for (const { name, beats } of services) {
        names.add(name);
        const known = live.get(name);
        const last = beats.at(-1)?.ts ?? 0;
        const left = known?.filter(({ ts }) => ts > last);
        if (!left || left.length === known?.length) continue;
        if (left.length === 0) live.delete(name);
        else live.set(name, left);
      }
      for (const name of live.keys()) if (!names.has(name)) live.delete(name);
    },
    of: (service: string): readonly Beat[] => live.get(service) ?? none,
    subscribe(service: string, listener: () => void): () => void {
      const own = listeners.get(service) ?? new Set();
      listeners.set(service, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0 && listeners.get(service) === own) listeners.delete(service);
      };
    },
    /** Somebody looks, until the returned function is called. */
    look(): () => void {
      clearTimeout(leaving);
      lookers += 1;
      setWanted(true);
      return () => {
        lookers -= 1;
        if (lookers === 0) leaving = setTimeout(() => setWanted(lookers > 0), LINGER_MS);
      };
    },
    isWanted: (): boolean => wanted,
    onWanted(listener: (wanted: boolean) => void): () => void {
      wantedListeners.add(listener);
      return () => wantedListeners.delete(listener);
    },
  };
}

export const beats = createBeats();
