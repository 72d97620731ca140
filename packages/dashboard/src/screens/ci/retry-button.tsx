import type { CiRun } from '@vigiles/contract';
import { RotateCw } from 'lucide-react';
import { useId } from 'react';
import { openPlan } from '../../shell/ui-store.ts';
import { Button } from '../../ui/button.tsx';

/** Runs the failed jobs again, through the plan and with a reason. Where it cannot, it stays and says why. */
export function RetryButton({ run, refusal }: { run: CiRun; refusal: string | null }) {
  const id = useId();
  return (
    <span>
      <Button
        size="md"
        variant={refusal === null ? 'primary' : 'secondary'}
        aria-disabled={refusal !== null}
        aria-describedby={refusal === null ? undefined : id}
        data-tip={refusal ?? undefined}
        onClick={() =>
          refusal === null &&
          openPlan('rerun_failed_jobs', 'Retry failed jobs', `ci:${run.repository}/${run.id}`, {
            ciRun: { id: run.id, attempt: run.attempt, workflow: run.workflow },
          })
        }
      >
        <RotateCw aria-hidden size={14} /> Retry failed jobs
      </Button>
      {refusal !== null && (
        <span id={id} className="sr-only">
          {refusal}
        </span>
      )}
    </span>
  );
}
