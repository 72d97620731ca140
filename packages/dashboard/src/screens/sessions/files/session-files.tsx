import { ChevronRight, FileDiff } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { SessionFeed } from '../../../live/session-feed.ts';
import { Button } from '../../../ui/button.tsx';
import { Disclosure } from '../../../ui/disclosure.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { Ago } from '../../../ui/time.tsx';
import { DiffView } from './diff-view.tsx';
import { useFilteredLog } from '../stream/use-filtered-log.ts';
import { filesOf, type ChangedFile } from './files-of.ts';
import { UnsaidFiles, useUnsaidFiles } from './unsaid-files.tsx';

const FILES = ['file:*'];

const words = { created: 'Created', modified: 'Changed', deleted: 'Deleted' } as const;

/** More differences of one file are drawn when they are asked for: some files are changed a thousand times. */
const CHANGES_SHOWN = 10;

/** What was changed in a file, the last changes first. */
function Changes({ path, changes }: Pick<ChangedFile, 'path' | 'changes'>) {
  const [most, setMost] = useState(CHANGES_SHOWN);
  const told = changes.filter(({ diff }) => diff !== '').toReversed();
  const left = told.length - most;
  if (told.length === 0)
    return <p className="text-sm text-text-3">The agent did not say what changed in it.</p>;
  return (
    <>
      {told.slice(0, most).map(({ seq, diff }) => (
        <DiffView key={seq} diff={diff} label={`Event ${seq}: ${path}`} />
      ))}
      {left > 0 && (
        <Button className="self-start" onClick={() => setMost(most + CHANGES_SHOWN)}>
          {Math.min(left, CHANGES_SHOWN)} earlier of {left}
        </Button>
      )}
    </>
  );
}

function One({ file }: { file: ChangedFile }) {
  const { path, kind, changes, added, removed, last } = file;
  return (
    <li className="border-b border-line last:border-0">
      <Disclosure
        className="press flex min-h-10 cursor-pointer items-center gap-3 px-(--gutter) py-1.5 -outline-offset-2 hover:bg-hover"
        summary={
          <>
            <ChevronRight aria-hidden size={13} className="shrink-0 text-text-3 group-open:rotate-90" />
            <span className="w-14 shrink-0 text-sm text-text-3">{words[kind]}</span>
            <span className="min-w-0 flex-1 font-mono text-xs break-all">{path}</span>
            {(added > 0 || removed > 0) && (
              <span className="num shrink-0 text-sm">
                <span className="text-ok">+{added}</span> <span className="text-bad">−{removed}</span>
              </span>
            )}
            <Ago ts={last} className="shrink-0 text-sm text-text-3 max-sm:hidden" />
          </>
        }
      >
        <div className="flex flex-col gap-3 px-(--gutter) pb-3">
          <Changes path={path} changes={changes} />
        </div>
      </Disclosure>
    </li>
  );
}

/** Every file the session touched, each with what was changed in it. */
export function SessionFiles({ sessionId, feed }: { sessionId: string; feed: SessionFeed }) {
  const { events, more, loading, failed, loadOlder } = useFilteredLog(sessionId, feed, FILES);
  const [all, setAll] = useState(false);
  const files = useMemo(() => filesOf(events), [events]);
  const unsaid = useUnsaidFiles(
    sessionId,
    files.map(({ path }) => path),
  );
  // The last ones are shown at once; the rest is looked for meanwhile.
  useEffect(() => {
    if (more && !loading && !failed) void loadOlder();
  }, [more, loading, failed, loadOlder]);
  if (failed && files.length === 0)
    return (
      <ErrorState
        error={new Error('The log of the session cannot be read.')}
        what="The files"
        retry={() => void loadOlder()}
      />
    );
  if (files.length === 0 && (more || loading)) return <SkeletonRows rows={6} height={40} />;
  if (files.length === 0 && unsaid.length === 0)
    return (
      <EmptyState icon={FileDiff} title="No file was changed">
        Files that the agent creates, changes or deletes are listed here with their differences.
      </EmptyState>
    );
  const shown = all ? files : files.slice(0, 200);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <ul>
        {shown.map((file) => (
          <One key={file.path} file={file} />
        ))}
      </ul>
      {(more || failed) && (
        <p role="status" className="px-(--gutter) py-2 text-sm text-text-3">
          {failed ? 'Earlier changes could not be read. ' : 'Earlier changes are being read…'}
          {failed && <Button onClick={() => void loadOlder()}>Try again</Button>}
        </p>
      )}
      {shown.length < files.length && (
        <div className="grid place-items-center p-4">
          <Button onClick={() => setAll(true)}>Show all {files.length}</Button>
        </div>
      )}
      {!more && <UnsaidFiles files={unsaid} />}
    </div>
  );
}
