import { useSyncExternalStore } from 'react';
import { connection, type Connection } from '../live/connection.ts';
import { cx } from '../ui/cx.ts';
import { Span } from '../ui/time.tsx';

const face: Record<Connection['state'], { label: string; dot: string; tip: string }> = {
  connecting: { label: 'Connecting', dot: 'bg-idle-fill pulse', tip: 'Opening the live connection' },
  live: { label: 'Live', dot: 'bg-ok-fill', tip: 'Everything on this page follows the server as it happens' },
  reconnecting: {
    label: 'Reconnecting',
    dot: 'bg-warn-fill pulse',
    tip: 'The live connection was lost. What you see is as old as shown.',
  },
  offline: {
    label: 'Offline',
    dot: 'bg-bad-fill',
    tip: 'Vigiles does not answer. What you see is as old as shown.',
  },
};

/** The one place that says whether the page is true now, and how old it is when it is not. */
export function ConnectionIndicator() {
  const { state, since } = useSyncExternalStore(connection.subscribe, connection.snapshot);
  const { label, dot, tip } = face[state];
  const aged = state === 'reconnecting' || state === 'offline';
  return (
    <div
      className="flex h-7 items-center gap-2 px-1.5 text-sm text-text-2"
      data-tip={tip}
      data-connection={state}
    >
      <span aria-hidden className={cx('size-2 rounded-full', dot)} />
      <span role="status" className={aged ? '' : 'max-md:sr-only'}>
        {label}
      </span>
      {aged && (
        <span className="text-text-3">
          <Span since={since} />
        </span>
      )}
    </div>
  );
}
