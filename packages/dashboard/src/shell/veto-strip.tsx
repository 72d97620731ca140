import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ActionRun } from '@vigiles/contract';
import { Timer } from 'lucide-react';
import { toast } from 'sonner';
import { applyRun } from '../data/apply-events.ts';
import { answerRun } from '../data/queries.ts';
import { titled } from '../live/describe-event.ts';
import { Button } from '../ui/button.tsx';
import { Countdown } from '../ui/time.tsx';

function Waiting({ run, until }: { run: ActionRun; until: number }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => answerRun(run.id, 'cancel'),
    onSuccess: (next) => applyRun(client, next),
    onError: (error) => toast.error('It was not cancelled', { description: error.message }),
  });
  return (
    <li className="flex max-w-full items-center gap-3">
      <Timer aria-hidden size={15} className="shrink-0 text-warn" />
      <span className="min-w-0 truncate">
        <span className="font-medium">{titled(run.action)}</span>{' '}
        <span className="text-text-2">{run.target}</span>
      </span>
      <span className="shrink-0 text-text-2" aria-hidden>
        in <Countdown until={until} />
      </span>
      <Button
        variant="danger"
        aria-label={`Cancel: ${titled(run.action)} ${run.target}`}
        disabled={cancel.isPending}
        onClick={() => cancel.mutate()}
      >
        Cancel
      </Button>
    </li>
  );
}

/**
 * Actions that start within seconds, at the foot of every screen: the time to cancel one is too short to look for it.
 * It takes its own room, so that it covers nothing that one may want to press.
 */
export function VetoStrip({ runs }: { runs: readonly ActionRun[] }) {
  // By its state, not by this browser’s clock, which may be wrong.
  const waiting = runs.flatMap((run) =>
    run.state === 'vetoing' && run.veto_until !== null ? [{ run, until: run.veto_until }] : [],
  );
  return (
    <div
      role="status"
      className={
        waiting.length > 0 ? 'shrink-0 border-t border-line bg-raised px-(--gutter) py-2' : 'sr-only'
      }
    >
      {waiting.length > 0 && (
        <ul className="flex flex-col items-center gap-1.5">
          {waiting.slice(0, 3).map(({ run, until }) => (
            <Waiting key={run.id} run={run} until={until} />
          ))}
        </ul>
      )}
    </div>
  );
}
