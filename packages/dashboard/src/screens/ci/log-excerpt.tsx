import type { CiJob } from '@vigiles/contract';
import { formatCount } from '../../format/number.ts';
import { cx } from '../../ui/cx.ts';

/** Lines of a log with their numbers; the one that decided stands out. Text of others: only ever shown as text. */
export function LogExcerpt({
  lines,
  dropped,
  decided,
  label,
}: Pick<CiJob, 'lines' | 'dropped'> & { decided: number | null; label: string }) {
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="max-h-[420px] overflow-auto rounded-md border border-line bg-sunken py-1.5 font-mono text-xs leading-[18px] -outline-offset-2"
    >
      <ol>
        {lines.map(({ number, text }, at) => {
          const before = lines[at - 1]?.number ?? number - 1;
          const isIt = number === decided;
          return (
            <li key={number}>
              {number > before + 1 && (
                <div aria-hidden className="px-3 text-text-3 select-none">
                  ⋯
                </div>
              )}
              <div
                aria-current={isIt ? 'true' : undefined}
                className={cx('flex gap-3 px-3', isIt && 'bg-bad-soft text-text')}
              >
                <span className="num w-12 shrink-0 text-right text-text-3 select-none">{number}</span>
                <span
                  className={cx(
                    'min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]',
                    isIt ? 'font-medium' : 'text-text-2',
                  )}
                >
                  {isIt && <span className="sr-only">This line decided: </span>}
                  {text || ' '}
                </span>
              </div>
            </li>
          );
        })}
      </ol>
      {dropped > 0 && (
        <p className="num px-3 pt-1 font-sans text-sm text-text-3">
          {dropped === 1 ? 'One other line is' : `${formatCount(dropped)} other lines are`} left out.
        </p>
      )}
    </div>
  );
}
