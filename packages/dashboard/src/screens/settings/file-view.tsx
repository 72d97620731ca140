import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { configQuery, configSourceQuery } from '../../data/config.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { cx } from '../../ui/cx.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';

const comment = /^(\s*)(#.*)$/;
const pair = /^(\s*(?:- )?)([\w.$*/-]+)(:)(.*)$/;

/** A line with its comment or key set off. Everything stays text. */
function Line({ text }: { text: string }) {
  const said = comment.exec(text);
  if (said) return <span className="text-text-3">{text}</span>;
  const [, indent, key, colon, rest] = pair.exec(text) ?? [];
  if (key === undefined) return text || ' ';
  return (
    <>
      {indent}
      <span className="text-accent">{key}</span>
      {colon}
      {rest}
    </>
  );
}

/** vigiles.yaml as it is, to read: comments, order and line numbers; secrets are references or hidden. */
export function FileView() {
  usePageTitle('vigiles.yaml');
  const source = useQuery(configSourceQuery);
  const config = useQuery(configQuery);
  const { hash } = useLocation();
  const list = useRef<HTMLOListElement>(null);
  const wanted = Number(/^line-(\d+)$/.exec(hash)?.[1] ?? 0);
  const ready = source.data !== undefined;
  useEffect(() => {
    if (ready) list.current?.children[wanted - 1]?.scrollIntoView({ block: 'center' });
  }, [wanted, ready]);
  if (source.isError && !source.data)
    return <ErrorState error={source.error} what="The file" retry={() => void source.refetch()} />;
  if (!source.data) return <SkeletonRows rows={12} height={20} />;
  const lines = source.data.text.replace(/\n$/, '').split('\n');
  return (
    <div
      role="region"
      aria-label="vigiles.yaml"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls: the keyboard has to reach it
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto bg-surface py-2 font-mono text-xs -outline-offset-2"
    >
      <p className="px-(--gutter) pb-2 font-sans text-sm text-text-3">
        {source.data.path}
        {(config.data?.problems.length ?? 0) > 0 && ', the last version that was good'}
      </p>
      <ol ref={list} className="w-max min-w-full">
        {lines.map((text, i) => (
          <li
            key={`${i}${text}`}
            id={`line-${i + 1}`}
            className={cx('flex px-(--gutter) whitespace-pre', i + 1 === wanted && 'bg-selected')}
          >
            <span aria-hidden className="num mr-4 w-8 shrink-0 text-right text-text-3 select-none">
              {i + 1}
            </span>
            <span>
              <Line text={text} />
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
