import { ArrowDown, ScrollText } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import { ApiError } from '../../data/api.ts';
import { useServiceLog } from '../../live/use-service-log.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';

/** The end of the log, live. It follows new lines until somebody scrolls up, and says so. */
export function LogsTail({ name }: { name: string }) {
  const { lines, error, retry } = useServiceLog(name);
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);

  useLayoutEffect(() => {
    if (following) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [lines, following]);

  if (error instanceof ApiError && error.status === 404) {
    return (
      <EmptyState icon={ScrollText} title="There is no log of it here">
        {error.message}
      </EmptyState>
    );
  }
  if (error !== null && !lines) return <ErrorState error={error} what="The log" retry={retry} />;
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
        {lines.map(({ id, text }) => (
          <div key={id} className="break-words whitespace-pre-wrap text-text-2">
            {text || ' '}
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
