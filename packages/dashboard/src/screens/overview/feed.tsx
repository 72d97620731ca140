import { Link } from '@tanstack/react-router';
import type { VigilesEvent } from '@vigiles/contract';
import { Pause, Play } from 'lucide-react';
import { memo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { describeEvent, type EventLine } from '../../live/describe-event.ts';
import { eventStore } from '../../live/live.ts';
import { is } from '../../live/patch.ts';
import { IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Panel } from '../../ui/panel.tsx';
import { toneFill } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';

const SHOWN = 60;
const rowClass =
  'press grid min-h-8 grid-cols-[8px_minmax(0,1fr)_auto] items-center gap-3 px-4 py-1.5 outline-offset-[-2px]';

function Line({ to, children }: { to: EventLine['to']; children: ReactNode }) {
  const className = cx(rowClass, 'hover:bg-hover');
  switch (to?.screen) {
    case 'fleet':
      return (
        <Link to="/fleet" search={{ service: to.service }} className={className}>
          {children}
        </Link>
      );
    case 'incident':
      return (
        <Link to="/incidents/$id" params={{ id: to.id }} className={className}>
          {children}
        </Link>
      );
    case 'turn':
      return (
        <Link to="/gateway" search={{ turn: to.id }} className={className}>
          {children}
        </Link>
      );
    case 'session':
      return (
        <Link to="/sessions/$id" params={{ id: to.id }} className={className}>
          {children}
        </Link>
      );
    case 'ci':
      return (
        <Link to="/ci/runs/$id" params={{ id: to.id }} className={className}>
          {children}
        </Link>
      );
    default:
      return <div className={rowClass}>{children}</div>;
  }
}

/** A notification about an incident that goes nowhere only says the incident once more. */
const isRepeated = (event: VigilesEvent): boolean =>
  is(event, 'notification.created') &&
  event.data.notification.incident_id !== null &&
  event.data.notification.deliveries.length === 0;

const Row = memo(function Row({ event }: { event: VigilesEvent }) {
  const { tone, subject, text, to } = describeEvent(event);
  return (
    <li>
      <Line to={to}>
        <span aria-hidden className={cx('size-1.5 rounded-full', toneFill[tone])} />
        <span className="min-w-0 break-words text-text-2">
          <span className="font-medium text-text">{subject}</span> {text}
        </span>
        <Ago ts={event.ts} className="text-sm text-text-3" />
      </Line>
    </li>
  );
});

/** What happened lately, newest first, as it happens; it can be held still to be read (WCAG 2.2.2). */
export function Feed() {
  const { events } = useSyncExternalStore(eventStore.subscribe, eventStore.snapshot);
  const [held, setHeld] = useState<readonly VigilesEvent[] | null>(null);
  const shown = (held ?? events)
    .filter((event) => !isRepeated(event))
    .slice(-SHOWN)
    .toReversed();
  const waiting = held ? events.filter((event) => event.seq > (held[held.length - 1]?.seq ?? 0)).length : 0;
  return (
    <Panel
      title="Activity"
      flush
      className="flex flex-col @4xl:absolute @4xl:inset-0"
      aside={
        <>
          {held && <span className="num">{waiting > 0 ? `${waiting} new` : 'held'}</span>}
          <IconButton
            label={held ? 'Go on' : 'Hold still'}
            aria-pressed={held !== null}
            className="-mr-2"
            onClick={() => setHeld(held ? null : events)}
          >
            {held ? <Play aria-hidden size={14} /> : <Pause aria-hidden size={14} />}
          </IconButton>
        </>
      }
    >
      {shown.length === 0 ? (
        <p className="px-4 py-8 text-center text-text-3">Nothing has happened yet.</p>
      ) : (
        <ol
          className="min-h-0 py-1 @4xl:absolute @4xl:inset-x-0 @4xl:top-10 @4xl:bottom-0 @4xl:overflow-y-auto"
          tabIndex={-1}
        >
          {shown.map((event) => (
            <Row key={event.seq} event={event} />
          ))}
        </ol>
      )}
    </Panel>
  );
}
