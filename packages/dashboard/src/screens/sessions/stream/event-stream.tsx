import { useVirtualizer } from '@tanstack/react-virtual';
import type { SessionEvent } from '@vigiles/contract';
import { ArrowDown, Pause, Play } from 'lucide-react';
import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { formatClock } from '../../../format/duration.ts';
import { formatCount } from '../../../format/number.ts';
import { actorName } from '../../../live/actor-names.ts';
import type { SessionFeed } from '../../../live/session-feed.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { asShown } from '../read-data.ts';
import { useFeed } from '../use-session.ts';
import { summarize } from './summarize.ts';

const ROW = 28;

const Row = memo(function Row({
  event,
  seq,
  selected,
  onSelect,
}: {
  event: SessionEvent | undefined;
  seq: number;
  selected: boolean;
  onSelect: (seq: number) => void;
}) {
  return (
    <button
      type="button"
      aria-expanded={selected}
      tabIndex={-1}
      data-seq={seq}
      onClick={() => onSelect(seq)}
      className={cx(
        'grid h-7 w-full grid-cols-[64px_minmax(0,1fr)] items-center gap-3 px-(--gutter) text-left hover:bg-hover md:grid-cols-[64px_72px_180px_minmax(0,1fr)]',
        selected && 'bg-selected',
      )}
    >
      <span className="num text-right text-sm text-text-3">{seq}</span>
      {event ? (
        <>
          <span className="num hidden text-sm text-text-3 md:block">{formatClock(event.ts)}</span>
          <span className="hidden truncate font-mono text-xs text-text-2 md:block">{event.type}</span>
          <span className="truncate">
            <span className="font-mono text-xs text-text-3 md:hidden">{event.type} </span>
            {summarize(event)}
          </span>
        </>
      ) : (
        <span className="skeleton h-3 w-40" />
      )}
    </button>
  );
});

function Detail({ event }: { event: SessionEvent }) {
  return (
    <div className="shrink-0 border-t border-line bg-surface">
      <p className="num flex flex-wrap gap-x-4 px-(--gutter) pt-2 text-sm text-text-3">
        <span className="font-mono text-xs text-text-2">{event.type}</span>
        <span>{new Date(event.ts).toISOString()}</span>
        <span>by {actorName(event.actor)}</span>
        {event.command_id && <span className="break-all">{event.command_id}</span>}
      </p>
      <pre
        tabIndex={0}
        role="region"
        aria-label={`Event ${event.seq}`}
        className="max-h-52 overflow-auto px-(--gutter) py-2 font-mono text-xs whitespace-pre-wrap text-text-2 [overflow-wrap:anywhere]"
      >
        {asShown(event.data)}
      </pre>
    </div>
  );
}

/**
 * Every event of the log, by its number. Only the rows in view exist, and only their pages are read: a log of a hundred
 * thousand opens as one of ten.
 */
export function EventStream({ feed }: { feed: SessionFeed }) {
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
                  <Row event={feed.row(seq)} seq={seq} selected={seq === selected} onSelect={select} />
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
      {chosen && <Detail event={chosen} />}
    </div>
  );
}
