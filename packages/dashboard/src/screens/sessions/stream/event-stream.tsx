import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, Pause, Play } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { formatCount } from '../../../format/number.ts';
import type { SessionFeed } from '../../../live/session-feed.ts';
import { Button } from '../../../ui/button.tsx';
import { useFeed } from '../use-session.ts';
import { EventDetail, EventRow, ROW } from './event-row.tsx';
import { FilteredStream } from './filtered-stream.tsx';
import { KindPicker, typesOf } from './event-kinds.tsx';

/**
 * Every event of the log, by its number. Only the rows in view exist, and only their pages are read: a log of a hundred
 * thousand opens as one of ten.
 */
function WholeStream({ feed, picker }: { feed: SessionFeed; picker: ReactNode }) {
  const { head, oldest, held, waiting } = useFeed(feed);
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const [selected, setSelected] = useState<number | null>(null);
  const count = Math.max(0, head - oldest + 1);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  useLayoutEffect(() => {
    if (following && !held) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [head, following, held]);
  useEffect(() => () => feed.hold(false), [feed]);
  const chosen = selected === null ? undefined : feed.row(selected);
  const select = useRef((seq: number): void => setSelected((now) => (now === seq ? null : seq))).current;
  const move = (step: number): void => {
    const next = Math.min(head, Math.max(oldest, (selected ?? head + (step > 0 ? 0 : 1)) + step));
    setSelected(next);
    setFollowing(false);
    virtual.scrollToIndex(next - oldest);
  };

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-3 border-b border-line px-(--gutter) text-sm text-text-3">
        {picker}
        <span className="num">{formatCount(count)} events</span>
        {oldest > 1 && <span>older ones were deleted</span>}
        <div className="ml-auto flex items-center gap-2">
          {held && waiting > 0 && <span className="num">{formatCount(waiting)} new</span>}
          <Button aria-pressed={held} onClick={() => feed.hold(!held)}>
            {held ? <Play aria-hidden size={13} /> : <Pause aria-hidden size={13} />}
            {held ? 'Go on' : 'Hold still'}
          </Button>
        </div>
      </div>
      <div className="relative min-h-0 flex-1">
        <div
          ref={box}
          role="region"
          aria-label="Events"
          tabIndex={0}
          className="h-full overflow-y-auto -outline-offset-2"
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
            setFollowing(scrollHeight - scrollTop - clientHeight < ROW)
          }
          onKeyDown={(event) => {
            const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
            if (step === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
            event.preventDefault();
            move(step);
          }}
        >
          <div className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((row) => {
              const seq = oldest + row.index;
              return (
                <div
                  key={seq}
                  className="absolute inset-x-0 top-0"
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  <EventRow event={feed.row(seq)} seq={seq} selected={seq === selected} onSelect={select} />
                </div>
              );
            })}
          </div>
        </div>
        {!following && (
          <Button
            className="absolute right-4 bottom-3 shadow-float"
            onClick={() => {
              setFollowing(true);
              box.current?.scrollTo({ top: box.current.scrollHeight });
            }}
          >
            <ArrowDown aria-hidden size={13} /> Newest
          </Button>
        )}
      </div>
      {chosen && <EventDetail event={chosen} />}
    </div>
  );
}

/** The log of a session, all of it or the events of one kind; which is in the address. */
export function EventStream({
  sessionId,
  feed,
  kind,
  onKind,
}: {
  sessionId: string;
  feed: SessionFeed;
  kind: string | undefined;
  onKind: (kind: string | undefined) => void;
}) {
  const types = typesOf(kind);
  const picker = <KindPicker kind={types ? kind : undefined} onKind={onKind} />;
  return types ? (
    <FilteredStream key={kind} sessionId={sessionId} feed={feed} types={types} picker={picker} />
  ) : (
    <WholeStream feed={feed} picker={picker} />
  );
}
