import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ActionRun } from '@vigiles/contract';
import { Ban, BellRing, LoaderCircle, ShieldQuestion, Timer } from 'lucide-react';
import { toast } from 'sonner';
import { applyRun } from '../data/apply-events.ts';
import { useNames } from '../data/use-names.ts';
import { answerRun } from '../data/queries.ts';
import { actorName, withNames } from '../live/actor-names.ts';
import { words } from '../live/describe-event.ts';
import { Button } from '../ui/button.tsx';
import { outcomeFace, StateLabel } from '../ui/state.tsx';
import { Ago, Countdown } from '../ui/time.tsx';

const stateFace = {
  vetoing: { icon: Timer, label: 'Starts soon', tone: 'warn' },
  awaiting_approval: { icon: ShieldQuestion, label: 'Waits for approval', tone: 'warn' },
  running: { icon: LoaderCircle, label: 'Running', tone: 'busy' },
  verifying: { icon: LoaderCircle, label: 'Verifying', tone: 'busy' },
  refused: { icon: Ban, label: 'Refused', tone: 'idle' },
} as const;

/** Calling a person changes nothing that could be looked at afterwards: it is said that it was done. */
const called = { icon: BellRing, label: 'Called', tone: 'idle' } as const;
const endFace = ({ action, outcome }: ActionRun) =>
  action === 'alert_user' && outcome === 'unknown' ? called : outcomeFace[outcome ?? 'unknown'];

/** One run of an action: where it stands, who asked and why, and the buttons that still help. */
export function RunCard({ run }: { run: ActionRun }) {
  useNames();
  const client = useQueryClient();
  const answer = useMutation({
    mutationFn: (verb: 'cancel' | 'approve' | 'undo') => answerRun(run.id, verb),
    onSuccess: (next) => applyRun(client, next),
    onError: (error) => toast.error(error.message),
  });
  const face = run.state === 'finished' ? endFace(run) : stateFace[run.state];
  return (
    <article aria-label={`${words(run.action)} ${run.target}`} className="flex flex-col gap-1.5">
      <div className="flex items-center gap-3 text-sm">
        <StateLabel face={face} />
        {run.state === 'vetoing' && run.veto_until !== null && (
          <span className="text-text-2">
            in <Countdown until={run.veto_until} />
          </span>
        )}
        {run.state === 'awaiting_approval' && run.approval_until !== null && (
          <span className="text-text-2">
            for <Countdown until={run.approval_until} /> more
          </span>
        )}
        {run.state === 'verifying' && run.stable_until !== null && (
          <span className="text-text-2">
            works; watched for <Countdown until={run.stable_until} /> more
          </span>
        )}
        <Ago ts={run.finished_at ?? run.started_at ?? run.created_at} className="ml-auto text-text-3" />
      </div>
      <p className="font-medium">
        <span className="inline-block first-letter:uppercase">{words(run.action)}</span>{' '}
        <span className="font-normal text-text-2">{run.target}</span>
      </p>
      <p className="text-sm text-pretty text-text-2">
        Asked by {actorName(run.actor)}
        {run.reason && `: ${withNames(run.reason)}`}
        {run.approved_by !== null && `. Approved by ${actorName(run.approved_by)}`}
      </p>
      {run.message && run.message !== run.reason && (
        <p className="text-sm text-pretty text-text-3">{withNames(run.message)}</p>
      )}
      {run.state === 'awaiting_approval' && run.steps.length > 0 && (
        <ol className="list-decimal pl-5 text-sm text-text-2">
          {run.steps.map((step) => (
            <li key={step} className="break-words">
              {step}
            </li>
          ))}
        </ol>
      )}
      {run.state === 'finished' && run.undoable && (
        <div className="mt-1">
          <Button disabled={answer.isPending} onClick={() => answer.mutate('undo')}>
            {answer.isPending ? 'Undoing…' : 'Undo'}
          </Button>
        </div>
      )}
      {run.state === 'running' && (
        <div className="mt-1">
          <Button variant="danger" disabled={answer.isPending} onClick={() => answer.mutate('cancel')}>
            {answer.isPending ? 'Stopping…' : 'Stop'}
          </Button>
        </div>
      )}
      {(run.state === 'vetoing' || run.state === 'awaiting_approval') && (
        <div className="mt-1 flex gap-2">
          {run.state === 'awaiting_approval' && (
            <Button variant="primary" disabled={answer.isPending} onClick={() => answer.mutate('approve')}>
              Approve
            </Button>
          )}
          <Button variant="danger" disabled={answer.isPending} onClick={() => answer.mutate('cancel')}>
            {run.state === 'awaiting_approval' ? 'Decline' : 'Cancel'}
          </Button>
        </div>
      )}
    </article>
  );
}
