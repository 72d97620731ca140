import { useVirtualizer } from '@tanstack/react-virtual';
import { ListFilter } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { formatCount } from '../../../format/number.ts';
import type { SessionFeed } from '../../../live/session-feed.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { EventDetail, EventRow, ROW } from './event-row.tsx';
import { useFilteredLog } from './use-filtered-log.ts';

/** The events of some types, the newest on top: what is rare is found without scrolling through the rest. */
export function FilteredStream({
  sessionId,
  feed,
  types,
  picker,
}: {
  sessionId: string;
  feed: SessionFeed;
  types: readonly string[];
  picker: ReactNode;
}) {
  const { events, from, loading, failed, more, loadOlder } = useFilteredLog(sessionId, feed, types);
  const box = useRef<HTMLDivElement>(null);
  const [selected, setSelected] = useState<number | null>(null);
  const select = useRef((seq: number): void => setSelected((now) => (now === seq ? null : seq))).current;
  const virtual = useVirtualizer({
    count: events.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
    getItemKey: (at) => events[events.length - 1 - at]?.seq ?? at,
  });
  const chosen = selected === null ? undefined : events.find(({ seq }) => seq === selected);
  const move = (step: number): void => {
    const at = events.findIndex(({ seq }) => seq === selected);
    const place = at < 0 ? 0 : Math.min(events.length - 1, Math.max(0, events.length - 1 - at + step));
    setSelected(events[events.length - 1 - place]?.seq ?? null);
    virtual.scrollToIndex(place);
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-3 border-b border-line px-(--gutter) text-sm text-text-3">
        {picker}
        <span className="num" role="status">
          {formatCount(events.length)}
          {more && ` since event ${formatCount(from)}`}
          {loading && ', reading…'}
        </span>
        <div className="ml-auto flex items-center gap-2">
          {failed && <span className="text-bad">Older ones could not be read.</span>}
          {more && (
            <Button disabled={loading} onClick={() => void loadOlder()}>
              {failed ? 'Try again' : 'Older'}
            </Button>
          )}
        </div>
      </div>
      {events.length === 0 && !loading ? (
        <EmptyState icon={ListFilter} title="No such event">
          {more ? 'There are none in the newest part of the log.' : 'There is none of this kind in the log.'}
        </EmptyState>
      ) : (
        <div
          ref={box}
          role="region"
          aria-label="Events"
          tabIndex={0}
          className="min-h-0 flex-1 overflow-y-auto -outline-offset-2"
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
            if (scrollHeight - scrollTop - clientHeight < ROW * 20) void loadOlder();
          }}
          onKeyDown={(event) => {
            const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
            if (step === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
            event.preventDefault();
            move(step);
          }}
        >
          <div className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((row) => {
              const event = events[events.length - 1 - row.index];
              return (
                event && (
                  <div
                    key={event.seq}
                    className="absolute inset-x-0 top-0"
                    style={{ transform: `translateY(${row.start}px)` }}
                  >
                    <EventRow
                      event={event}
                      seq={event.seq}
                      selected={event.seq === selected}
                      onSelect={select}
                    />
                  </div>
                )
              );
            })}
          </div>
        </div>
      )}
      {chosen && <EventDetail event={chosen} />}
    </div>
  );
}
