import { useQuery } from '@tanstack/react-query';
import type { Checkpoint, Session } from '@vigiles/contract';
import { ApiError } from '../../../data/api.ts';
import { rollbackPreviewQuery } from '../../../data/session-queries.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Disclosure } from '../../../ui/disclosure.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { useCommand } from '../controls/use-command.ts';
import { DiffView } from '../files/diff-view.tsx';

const FILES_SHOWN = 200;

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
  const { files, notes = [] } = query.data;
  return (
    <div className="flex flex-col gap-3">
      <p className="num">
        {files.length === 0
          ? 'No file would change.'
          : `${files.length} ${files.length === 1 ? 'file' : 'files'} would change. Nothing else is touched.`}
      </p>
      {files.length > 0 && (
        <ul
          aria-label="Files that would change"
          className="max-h-[38vh] overflow-y-auto rounded-md border border-line"
        >
          {files.slice(0, FILES_SHOWN).map(({ path, change, diff }) => (
            <li key={path} className="border-b border-line px-3 py-1.5 last:border-0">
              {diff ? (
                <Disclosure
                  summary={
                    <>
                      <span className="text-text-3">{change}</span>{' '}
                      <span className="font-mono text-xs break-all">{path}</span>
                    </>
                  }
                >
                  <DiffView diff={diff} label={`What would change in ${path}`} />
                </Disclosure>
              ) : (
                <p className="text-sm">
                  <span className="text-text-3">{change}</span>{' '}
                  <span className="font-mono text-xs break-all">{path}</span>
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
      {files.length > FILES_SHOWN && (
        <p className="num text-sm text-text-3">and {files.length - FILES_SHOWN} more</p>
      )}
      {notes.map((note) => (
        <p key={note} className="text-sm text-pretty text-warn">
          {note}
        </p>
      ))}
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
        <div className="flex justify-end gap-2">
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
        </div>
      </div>
    </Dialog>
  );
}
