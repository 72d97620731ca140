import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowDownToLine, ArrowUpFromLine, CheckCircle2, XCircle } from 'lucide-react';
import { useState } from 'react';
import type { GithubSync } from '@vigiles/contract';
import { toast } from 'sonner';
import { ApiError } from '../../data/api.ts';
import { syncNow, syncPlanQuery, type SyncAction } from '../../data/ci-queries.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { DialogActions } from '../../ui/dialog-actions.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';

const verbs = [
  { id: 'pull', label: 'Pull' },
  { id: 'push', label: 'Push' },
];

/** What git said, and whether it would do. */
function Said({ sync }: { sync: GithubSync }) {
  const Icon = sync.success ? CheckCircle2 : XCircle;
  const text = `${sync.stdout}${sync.stderr}`.trim();
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm text-text-3">
        <span className="break-all">{sync.repo}</span> {sync.branch}
      </p>
      <p className="flex gap-2">
        <Icon aria-hidden size={15} className={`mt-0.5 shrink-0 ${sync.success ? 'text-ok' : 'text-bad'}`} />
        <span className="min-w-0 break-words">{sync.detail}</span>
      </p>
      {text !== '' && (
        <pre
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls: the keyboard has to reach it
          tabIndex={0}
          role="region"
          aria-label="What git said"
          className="max-h-56 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]"
        >
          {text}
        </pre>
      )}
    </div>
  );
}

/** Pull or push the working copy: what it would do is asked first, and shown before the button that does it. */
export function SyncDialog({ onClose }: { onClose: () => void }) {
  const [action, setAction] = useState<SyncAction>('pull');
  const plan = useQuery(syncPlanQuery(action));
  const sync = useMutation({
    mutationFn: () => syncNow(action),
    onSuccess(done) {
      if (!done.success) return;
      toast(action === 'pull' ? 'Pulled' : 'Pushed', { description: done.detail });
      onClose();
    },
  });
  const error = sync.error ?? plan.error;
  const unset = error instanceof ApiError && error.code === 'sync_not_configured';
  const idle = plan.data?.success === true && plan.data.detail.startsWith('nothing to');
  const Icon = action === 'pull' ? ArrowDownToLine : ArrowUpFromLine;
  return (
    <Dialog title="Sync the working copy" onClose={onClose}>
      <div className="flex flex-col gap-4 p-4">
        <Segmented
          label="Direction"
          items={verbs}
          value={action}
          onChange={(id) => {
            sync.reset();
            setAction(id === 'push' ? 'push' : 'pull');
          }}
        />
        <p className="text-sm text-pretty text-text-2">
          Fast-forward only, one repository and one whole ref, never by force.
        </p>
        {error ? (
          <div
            role="alert"
            className="flex flex-wrap items-center gap-3 rounded-md bg-warn-soft px-3 py-2 text-warn"
          >
            <span className="min-w-0 flex-1 basis-60 break-words">{error.message}</span>
            {unset && (
              <Link to="/settings" search={{ part: 'github' }} className={buttonClass()} onClick={onClose}>
                Set it up
              </Link>
            )}
          </div>
        ) : sync.data ? (
          <Said sync={sync.data} />
        ) : plan.data && !plan.isFetching ? (
          <Said sync={plan.data} />
        ) : (
          <SkeletonRows rows={2} height={28} />
        )}
      </div>
      <DialogActions>
        <Button size="md" onClick={onClose}>
          Close
        </Button>
        <Button
          size="md"
          variant="primary"
          disabled={!plan.data?.success || plan.isFetching || idle || sync.isPending || sync.isSuccess}
          onClick={() => sync.mutate()}
        >
          <Icon aria-hidden size={14} />
          {sync.isPending ? 'Working…' : action === 'pull' ? 'Pull' : 'Push'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
