import type { SessionEvent } from '@vigiles/contract';
import { memo } from 'react';
import { formatClock } from '../../../format/duration.ts';
import { actorName } from '../../../live/actor-names.ts';
import { cx } from '../../../ui/cx.ts';
import { asShown } from '../read-data.ts';
import { summarize } from './summarize.ts';

/** Its height: rows are placed by it. */
export const ROW = 28;

/** One event as one line; without it, the place where it is being read into. */
export const EventRow = memo(function EventRow({
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

/** An event as a whole, below the list. */
export function EventDetail({ event }: { event: SessionEvent }) {
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
