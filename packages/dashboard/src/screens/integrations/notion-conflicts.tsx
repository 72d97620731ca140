import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { NotionChoice, NotionConflict } from '@vigiles/contract';
import { toast } from 'sonner';
import { notionConflictsQuery, resolveNotion } from '../../data/integrations.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DiffShown } from '../../ui/diff-shown.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Ago } from '../../ui/time.tsx';

const choices: { keep: NotionChoice; label: string }[] = [
  { keep: 'remote', label: 'Take Notion’s' },
  { keep: 'local', label: 'Take the file’s' },
  { keep: 'both', label: 'Notion’s, and keep the file beside' },
];

function Conflict({ conflict }: { conflict: NotionConflict }) {
  const client = useQueryClient();
  const resolve = useMutation({
    mutationFn: (keep: NotionChoice) => resolveNotion(conflict.id, keep),
    onSuccess: ({ file, note }) => void toast(`${file} is in step`, { description: note }),
    onSettled: () => client.invalidateQueries({ queryKey: ['integrations', 'notion'] }),
  });
  return (
    <li className="flex flex-col gap-3 p-4">
      <p className="flex items-baseline gap-3">
        <span className="min-w-0 font-medium break-all">{conflict.file}</span>
        <span className="ml-auto shrink-0 text-sm text-text-3">
          found <Ago ts={conflict.found_at} />
        </span>
      </p>
      <DiffShown file="from the file to Notion" before={conflict.local} after={conflict.remote} />
      {resolve.isError && (
        <p role="alert" className="text-sm break-words text-bad">
          {resolve.error.message}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        {choices.map(({ keep, label }) => (
          <Button key={keep} disabled={resolve.isPending} onClick={() => resolve.mutate(keep)}>
            {label}
          </Button>
        ))}
      </div>
    </li>
  );
}

/** Pages that changed here and in Notion, both versions side by side; nothing is overwritten before a person chose. */
export function NotionConflicts({ onClose }: { onClose: () => void }) {
  const query = useQuery(notionConflictsQuery);
  return (
    <Dialog
      title="Changed here and in Notion"
      onClose={onClose}
      className="mt-[8vh] w-[min(760px,calc(100vw-24px))]"
    >
      <div className="max-h-[70vh] overflow-y-auto">
        {query.isError && !query.data ? (
          <ErrorState error={query.error} what="The conflicts" retry={() => void query.refetch()} />
        ) : !query.data ? (
          <SkeletonRows rows={4} />
        ) : query.data.length === 0 ? (
          <p className="p-4 text-text-2">None is left.</p>
        ) : (
          <ul className="divide-y divide-line">
            {query.data.map((conflict) => (
              <Conflict key={conflict.id} conflict={conflict} />
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
