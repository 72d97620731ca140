import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ScrollText } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import { ApiError } from '../../data/api.ts';
import { logsQuery } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';

/** Terminal colours say nothing here; they are taken out. */
// oxlint-disable-next-line no-control-regex -- ESC is the character that is looked for
const ansi = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** The end of the log. It follows new lines until somebody scrolls up, and says so. */
export function LogsTail({ name }: { name: string }) {
  const query = useQuery(logsQuery(name));
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const lines = query.data;

  useLayoutEffect(() => {
    if (following) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [lines, following]);

  if (query.error instanceof ApiError && query.error.status === 404) {
    return (
      <EmptyState icon={ScrollText} title="There is no log of it here">
        {query.error.message}
      </EmptyState>
    );
  }
  if (query.isError && !lines)
    return <ErrorState error={query.error} what="The log" retry={() => void query.refetch()} />;
  if (!lines) return <SkeletonRows rows={8} height={20} />;
  if (lines.length === 0) return <EmptyState icon={ScrollText} title="The log is empty" />;
  return (
    <div className="relative h-full">
      <div
        ref={box}
        role="region"
        aria-label={`Log of ${name}`}
        tabIndex={0}
        className="h-full overflow-auto bg-sunken px-4 py-3 font-mono text-xs leading-[18px] outline-offset-[-2px]"
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          setFollowing(scrollHeight - scrollTop - clientHeight < 24);
        }}
      >
        {lines.map((line, i) => (
          <div key={i} className="break-words whitespace-pre-wrap text-text-2">
            {line.replace(ansi, '') || ' '}
          </div>
        ))}
      </div>
      {!following && (
        <Button className="absolute right-4 bottom-3 shadow-float" onClick={() => setFollowing(true)}>
          <ArrowDown aria-hidden size={13} /> Follow
        </Button>
      )}
    </div>
  );
}
