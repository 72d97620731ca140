import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ScrollText } from 'lucide-react';
import { useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import type { OpenSession } from '../use-session.ts';
import { ItemView } from './item-view.tsx';
import { LiveTail } from './live-tail.tsx';
import { useTranscript } from './use-transcript.ts';

/** What was said and done, as a story. It follows the end until somebody scrolls up. */
export function TranscriptView({ sessionId, open }: { sessionId: string; open: OpenSession }) {
  const { items, from, error, loading, earlier, retry } = useTranscript(sessionId, open.feed);
  const { oldest } = useSyncExternalStore(open.feed.subscribe, open.feed.snapshot);
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => 56,
    overscan: 8,
    getItemKey: (at) => items[at]?.key ?? at,
  });
  const height = virtual.getTotalSize();
  useLayoutEffect(() => {
    if (following) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [height, following, items]);
  const follow = (): void => {
    if (following) box.current?.scrollTo({ top: box.current.scrollHeight });
  };

  if (error && from === null) return <ErrorState error={error} what="The session" retry={retry} />;
  if (from === null) return <SkeletonRows rows={6} height={56} />;
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        // A log that floods would be read aloud without end: the line above the controls says what matters.
        role="region"
        aria-label="Transcript"
        tabIndex={0}
        className="h-full overflow-y-auto px-(--gutter) py-4 -outline-offset-2"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
          setFollowing(scrollHeight - scrollTop - clientHeight < 48)
        }
      >
        {from > oldest && (
          <div className="grid place-items-center pb-4">
            <Button disabled={loading} onClick={earlier}>
              {loading ? 'Loading…' : 'Earlier'}
            </Button>
          </div>
        )}
        {items.length === 0 && (
          <EmptyState icon={ScrollText} title="Nothing was said so far">
            What the agent says, runs and changes is told here as it happens.
          </EmptyState>
        )}
        <ol className="relative" style={{ height }}>
          {virtual.getVirtualItems().map((row) => {
            const item = items[row.index];
            return (
              item && (
                <li
                  key={row.key}
                  ref={virtual.measureElement}
                  data-index={row.index}
                  className="absolute inset-x-0 top-0 pb-2.5"
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  <ItemView item={item} />
                </li>
              )
            );
          })}
        </ol>
        <LiveTail texts={open.texts} onGrow={follow} />
      </div>
      {!following && (
        <Button className="absolute right-4 bottom-3 shadow-float" onClick={() => setFollowing(true)}>
          <ArrowDown aria-hidden size={13} /> Follow
        </Button>
      )}
    </div>
  );
}
