import { memo, useMemo } from 'react';
import { cx } from '../../../ui/cx.ts';
import { diffLines, type DiffLine } from './diff-lines.ts';

const look: Record<DiffLine['kind'], string> = {
  add: 'bg-ok-soft text-text',
  remove: 'bg-bad-soft text-text',
  same: 'text-text-2',
  hunk: 'bg-sunken text-text-3',
  note: 'text-text-3',
};
const sign: Record<DiffLine['kind'], string> = { add: '+', remove: '−', same: ' ', hunk: ' ', note: ' ' };
const said: Record<DiffLine['kind'], string> = {
  add: 'added: ',
  remove: 'removed: ',
  same: '',
  hunk: '',
  note: '',
};

/** A change as it was made, line by line; every line is text, whatever stands in it. */
export const DiffView = memo(function DiffView({ diff, label }: { diff: string; label: string }) {
  const lines = useMemo(() => diffLines(diff), [diff]);
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="max-h-[420px] overflow-auto rounded-md border border-line bg-surface font-mono text-xs leading-[18px] -outline-offset-2"
    >
      <table className="w-full border-collapse">
        <tbody>
          {lines.map((line, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- its place is what it is
            <tr key={at} className={cx('align-top', look[line.kind])}>
              <td aria-hidden className="num w-10 px-1.5 text-right text-text-3 select-none">
                {line.before}
              </td>
              <td aria-hidden className="num w-10 px-1.5 text-right text-text-3 select-none">
                {line.after}
              </td>
              <td aria-hidden className="w-4 text-center select-none">
                {sign[line.kind]}
              </td>
              <td className="pr-3 whitespace-pre-wrap [overflow-wrap:anywhere]">
                {said[line.kind] && <span className="sr-only">{said[line.kind]}</span>}
                {line.text}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});
