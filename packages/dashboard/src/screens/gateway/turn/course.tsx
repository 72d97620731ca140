import type { RouteAttempt, Turn } from '@vigiles/contract';
import { formatMs } from '../../../format/duration.ts';
import { cx } from '../../../ui/cx.ts';
import { courseOf } from './stream-line.ts';

const fills = { ok: 'bg-series', bad: 'bg-bad-fill', idle: 'bg-idle-fill' } as const;

/** The turn over its time: what waited, when the first content came, when it ended. */
export function Course({ turn, attempts }: { turn: Turn; attempts: readonly RouteAttempt[] }) {
  const bars = courseOf(turn, attempts);
  if (bars.length === 0) return <p className="text-text-3">It was sent nowhere.</p>;
  return (
    <div>
      <ol className="flex flex-col gap-2.5">
        {bars.map((bar, i) => (
          <li key={bar.key}>
            <div className="mb-1 flex gap-3 text-sm">
              <span className="min-w-0 truncate font-mono text-xs">{bar.label}</span>
              <span className={cx('ml-auto shrink-0', bar.tone === 'bad' ? 'text-bad' : 'text-text-3')}>
                {bar.note} · <span className="num">{formatMs(attempts[i]?.latency_ms)}</span>
              </span>
            </div>
            <div aria-hidden className="relative h-2.5 rounded-sm bg-sunken">
              <span
                className={cx('absolute inset-y-0 rounded-sm', fills[bar.tone])}
                style={{ left: `${bar.from * 100}%`, width: `${bar.size * 100}%` }}
              />
              {bar.first !== null && (
                <>
                  <span
                    className="absolute inset-y-0 rounded-l-sm bg-series-2"
                    style={{
                      left: `${bar.from * 100}%`,
                      width: `${Math.max(0, bar.first - bar.from) * 100}%`,
                    }}
                  />
                  <span
                    className="absolute -inset-y-1 w-0.5 bg-text"
                    style={{ left: `${bar.first * 100}%` }}
                  />
                </>
              )}
            </div>
            {attempts[i]?.message && (
              <p className="mt-1 text-sm break-words text-text-3">{attempts[i].message}</p>
            )}
          </li>
        ))}
      </ol>
      <dl className="mt-2 flex justify-between gap-3 text-sm text-text-3">
        <div className="flex gap-1.5">
          <dt>Start</dt>
          <dd className="num">0 ms</dd>
        </div>
        <div className="flex gap-1.5">
          <dt>First content</dt>
          <dd className="num text-text">{formatMs(turn.ttft_ms)}</dd>
        </div>
        <div className="flex gap-1.5">
          <dt>End</dt>
          <dd className="num text-text">{formatMs(turn.latency_ms)}</dd>
        </div>
      </dl>
    </div>
  );
}
