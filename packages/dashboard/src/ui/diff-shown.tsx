import { cx } from './cx.ts';
import { lineDiff } from './line-diff.ts';

const look = { '+': 'bg-ok-soft text-ok', '-': 'bg-bad-soft text-bad', ' ': 'text-text-3' } as const;
const said = { '+': 'added', '-': 'removed', ' ': '' } as const;

/** What a save changes in a file, before it is written: every line that comes, goes or changes. */
export function DiffShown({ file, before, after }: { file: string; before: string; after: string }) {
  const lines = lineDiff(before, after);
  const count = (sign: string): number => lines.filter((line) => line.sign === sign).length;
  return (
    <section className="flex flex-col gap-1">
      <h3 className="text-sm text-text-3">
        <span className="font-mono text-xs">{file}</span>{' '}
        {lines.length === 0 ? 'stays as it is' : `+${count('+')} −${count('-')}`}
      </h3>
      {lines.length > 0 && (
        <pre
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls: the keyboard has to reach it
          tabIndex={0}
          role="region"
          aria-label={`Changes of ${file}`}
          className="max-h-80 overflow-auto rounded-md border border-line py-1 font-mono text-xs"
        >
          {lines.map(({ sign, text }, at) => (
            <span key={`${at}${sign}`} className={cx('block w-max min-w-full px-2', look[sign])}>
              <span aria-hidden>{sign === '-' ? '−' : sign} </span>
              {said[sign] && <span className="sr-only">{said[sign]}: </span>}
              {text || ' '}
            </span>
          ))}
        </pre>
      )}
    </section>
  );
}
