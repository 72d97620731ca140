import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { readSessionEvents } from '../../../data/session-queries.ts';
import { createFilteredLog, type FilteredSnapshot } from '../../../live/filtered-log.ts';
import type { SessionFeed } from '../../../live/session-feed.ts';

/** The events of some types of a session, the newest at once and then as they come. `types` must stay the same object. */
export function useFilteredLog(
  sessionId: string,
  feed: SessionFeed,
  types: readonly string[],
): FilteredSnapshot & { loadOlder: () => Promise<void> } {
  const log = useMemo(
    () =>
      createFilteredLog({
        head: feed.cursor(),
        oldest: feed.snapshot().oldest,
        types,
        read: (after, limit) =>
          readSessionEvents(sessionId, { after_seq: after, limit, types: types.join(',') }),
      }),
    [feed, sessionId, types],
  );
  useEffect(() => {
    const close = log.open();
    const stop = feed.onBatch((batch) => log.push(batch));
    return () => {
      stop();
      close();
    };
  }, [log, feed]);
  return { ...useSyncExternalStore(log.subscribe, log.snapshot), loadOlder: log.loadOlder };
}
