import { useQuery } from '@tanstack/react-query';
import { ChevronRight, FileDiff } from 'lucide-react';
import { useMemo, useState } from 'react';
import { sessionFilesQuery } from '../../../data/session-queries.ts';
import { Button } from '../../../ui/button.tsx';
import { Disclosure } from '../../../ui/disclosure.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { Ago } from '../../../ui/time.tsx';
import { DiffView } from './diff-view.tsx';
import { filesOf, type ChangedFile } from './files-of.ts';

const words = { created: 'Created', modified: 'Changed', deleted: 'Deleted' } as const;

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
          {changes.some(({ diff }) => diff !== '') ? (
            changes.map(
              ({ seq, diff }) =>
                diff !== '' && <DiffView key={seq} diff={diff} label={`Event ${seq}: ${path}`} />,
            )
          ) : (
            <p className="text-sm text-text-3">The agent did not say what changed in it.</p>
          )}
        </div>
      </Disclosure>
    </li>
  );
}

/** Every file the session touched, each with what was changed in it. */
export function SessionFiles({ sessionId }: { sessionId: string }) {
  const query = useQuery(sessionFilesQuery(sessionId));
  const [all, setAll] = useState(false);
  const files = useMemo(() => filesOf(query.data ?? []), [query.data]);
  if (query.isError && !query.data)
    return <ErrorState error={query.error} what="The files" retry={() => void query.refetch()} />;
  if (!query.data) return <SkeletonRows rows={6} height={40} />;
  if (files.length === 0)
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
      {shown.length < files.length && (
        <div className="grid place-items-center p-4">
          <Button onClick={() => setAll(true)}>Show all {files.length}</Button>
        </div>
      )}
    </div>
  );
}
