import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RiskClass } from '@vigiles/contract';
import { toast } from 'sonner';
import { applyRun } from '../data/apply-events.ts';
import { planAction, runAction } from '../data/queries.ts';
import { setFrame } from '../shell/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';

const riskText: Record<RiskClass, string> = {
  observe: 'Changes nothing.',
  reversible: 'Can be undone. It starts at once.',
  disruptive: 'Interrupts something. It waits a short while first, so that it can still be cancelled.',
  destructive: 'Cannot be undone. It waits for an approval.',
};

const close = (): void => setFrame({ plan: null });

/** What an action would do, step by step, before the button that does it. */
export function PlanDialog({ action, title, target }: { action: string; title: string; target: string }) {
  const client = useQueryClient();
  const plan = useQuery({
    queryKey: ['plan', action, target],
    queryFn: () => planAction(action, target),
    // A plan is only true for the moment it was made in.
    gcTime: 0,
    staleTime: 0,
  });
  const run = useMutation({
    mutationFn: () => runAction(action, target, 'Asked for on the dashboard'),
    onSuccess(started) {
      applyRun(client, started);
      close();
      if (started.state === 'refused') toast.error(`${title} was refused`, { description: started.message });
      else toast(`${title}: ${target}`, { description: started.message || 'Requested.' });
    },
  });
  const refusal = plan.data?.refusal ?? null;

  return (
    <Dialog title={`${title}: ${target}`} onClose={close}>
      {plan.isPending ? (
        <SkeletonRows rows={3} height={28} />
      ) : plan.isError ? (
        <ErrorState error={plan.error} what="The plan" retry={() => void plan.refetch()} />
      ) : (
        <div className="flex flex-col gap-4 p-4">
          <ol className="flex flex-col">
            {plan.data.steps.map((step, i) => (
              <li key={step} className="flex gap-3 py-1">
                <span className="num w-4 shrink-0 text-right text-text-3">{i + 1}</span>
                <span className="text-pretty">{step}</span>
              </li>
            ))}
          </ol>
          <p className="text-sm text-text-2">
            <span className="font-medium text-text capitalize">{plan.data.risk}</span> —{' '}
            {riskText[plan.data.risk]}
          </p>
          {refusal && (
            <p role="alert" className="rounded-md bg-warn-soft px-3 py-2 text-warn">
              It would be refused now: {refusal}
            </p>
          )}
          {run.isError && (
            <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad">
              {run.error.message}
            </p>
          )}
        </div>
      )}
      <div className="flex justify-end gap-2 border-t border-line px-4 py-3">
        <Button size="md" onClick={close}>
          Close
        </Button>
        <Button
          size="md"
          variant="primary"
          disabled={!plan.data || refusal !== null || run.isPending}
          onClick={() => run.mutate()}
        >
          {run.isPending ? 'Asking…' : plan.data?.risk === 'destructive' ? `Request: ${title}` : title}
        </Button>
      </div>
    </Dialog>
  );
}
