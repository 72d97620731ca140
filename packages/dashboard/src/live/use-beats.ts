import type { Beat, Service } from '@vigiles/contract';
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { beats, joinBeats } from './beats.ts';

/** The last looks at a service, as they are made. Draws its caller again, and nobody else. */
export function useBeats({ name, beats: listed }: Pick<Service, 'name' | 'beats'>): readonly Beat[] {
  const live = useSyncExternalStore(
    useCallback((listener: () => void) => beats.subscribe(name, listener), [name]),
    () => beats.of(name),
  );
  useEffect(() => beats.look(), []);
  return useMemo(() => joinBeats(listed, live), [listed, live]);
}
