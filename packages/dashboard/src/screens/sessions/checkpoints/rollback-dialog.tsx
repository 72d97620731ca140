import { useQuery } from '@tanstack/react-query';
import type { Checkpoint, Session } from '@vigiles/contract';
import { ApiError } from '../../../data/api.ts';
import { rollbackPreviewQuery } from '../../../data/session-queries.ts';
import { Button } from '../../../ui/button.tsx';
import { DialogActions } from '../../../ui/dialog-actions.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { useCommand } from '../controls/use-command.ts';

const kinds = { restore: 'as it was', recreate: 'comes back', delete: 'is deleted' } as const;

function Preview({ sessionId, checkpoint }: { sessionId: string; checkpoint: Checkpoint }) {
  const query = useQuery(rollbackPreviewQuery(sessionId, checkpoint.checkpoint_id));
  if (query.isPending) return <SkeletonRows rows={4} height={28} />;
  if (query.isError) {
    const none = query.error instanceof ApiError && query.error.status === 404;
    return (
      <p className="text-sm text-pretty text-text-2">
        {none
          ? 'What would change is not known here: only the orchestrator knows what the checkpoint holds.'
          : query.error.message}
      </p>
    );
  }
  const { changes, more, conversation, folder } = query.data;
  const count = changes.length + more;
  return (
    <div className="flex flex-col gap-3">
      <p className="num text-pretty">
        {count === 0
          ? 'No file would change.'
          : `${count} ${count === 1 ? 'file' : 'files'} in ${folder} would change. Nothing else is touched.`}{' '}
        {conversation
          ? 'The agent goes on from the conversation as it was then.'
          : 'The conversation stays as it is.'}
      </p>
      {changes.length > 0 && (
        <ul
          aria-label="Files that would change"
          tabIndex={0}
          className="max-h-[38vh] overflow-y-auto rounded-md border border-line"
        >
          {changes.map(({ path, kind }) => (
            <li key={path} className="flex gap-3 border-b border-line px-3 py-1.5 text-sm last:border-0">
              <span className={kind === 'delete' ? 'w-28 shrink-0 text-bad' : 'w-28 shrink-0 text-text-3'}>
                {kinds[kind]}
              </span>
              <span className="min-w-0 font-mono text-xs leading-[18px] break-all">{path}</span>
            </li>
          ))}
        </ul>
      )}
      {more > 0 && <p className="num text-sm text-text-3">and {more} more</p>}
    </div>
  );
}

/** What a rollback would change, before it is done. A snapshot is taken first, so that it can be undone as well. */
export function RollbackDialog({
  session,
  checkpoint,
  steps,
  onClose,
}: {
  session: Session;
  checkpoint: Checkpoint;
  /** How many checkpoints back it lies, counted from the newest: what the seed's orchestrators understand. */
  steps: number;
  onClose: () => void;
}) {
  const command = useCommand(session.session_id, onClose);
  return (
    <Dialog title={`Roll back to “${checkpoint.label || checkpoint.checkpoint_id}”`} onClose={onClose}>
      <div className="flex flex-col gap-4 p-4">
        <Preview sessionId={session.session_id} checkpoint={checkpoint} />
        <p className="text-sm text-pretty text-text-3">
          The state of now is kept as a checkpoint first, so this can be taken back. Running work is halted.
        </p>
        <DialogActions bare>
          <Button size="md" onClick={onClose}>
            Leave it
          </Button>
          <Button
            size="md"
            variant="danger"
            disabled={command.isPending}
            onClick={() =>
              command.mutate({ type: 'ROLLBACK', args: { checkpoint_id: checkpoint.checkpoint_id, steps } })
            }
          >
            {command.isPending ? 'Sending…' : 'Roll back'}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
