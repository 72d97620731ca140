import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FaultChange } from '@vigiles/contract';
import { toast } from 'sonner';
import { changeFaults, faultPlanQuery } from '../../../data/faults.ts';
import { Button } from '../../../ui/button.tsx';
import { DialogActions } from '../../../ui/dialog-actions.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { DiffShown } from '../../../ui/diff-shown.tsx';

/** What switching a fault off or on, or taking a rule out, changes in the files, before the button that does it. */
export function ChangeDialog({
  title,
  verb,
  change,
  onClose,
}: {
  title: string;
  verb: string;
  change: FaultChange;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const plan = useQuery(faultPlanQuery(change));
  const save = useMutation({
    mutationFn: () => changeFaults({ ...change, ...(plan.data ? { revision: plan.data.revision } : {}) }),
    async onSuccess({ file }) {
      toast(`${title}: done`, { description: `Written to ${file}.` });
      await client.invalidateQueries({ queryKey: ['faults'] });
      onClose();
    },
    onError: () => void plan.refetch(),
  });
  const problems = plan.data?.problems ?? [];
  return (
    <Dialog title={title} onClose={onClose}>
      {plan.isPending ? (
        <SkeletonRows rows={3} height={28} />
      ) : plan.isError ? (
        <ErrorState error={plan.error} what="The change" retry={() => void plan.refetch()} />
      ) : (
        <div className="flex flex-col gap-3 p-4">
          <DiffShown {...plan.data} />
          {problems.map(({ file, line, column, message }) => (
            <p key={`${file}${line}${message}`} role="alert" className="text-sm break-words text-bad">
              <span className="font-mono text-xs">
                {file}:{line}:{column}
              </span>{' '}
              {message}
            </p>
          ))}
          {save.isError && (
            <p role="alert" className="text-sm break-words text-bad">
              {save.error.message}
            </p>
          )}
        </div>
      )}
      <DialogActions>
        <Button size="md" onClick={onClose}>
          Cancel
        </Button>
        <Button
          size="md"
          variant={verb === 'Remove' ? 'danger' : 'primary'}
          disabled={!plan.data || problems.length > 0 || save.isPending}
          onClick={() => save.mutate()}
        >
          {save.isPending ? 'Saving…' : verb}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
