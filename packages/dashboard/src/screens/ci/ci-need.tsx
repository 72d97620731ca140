import { Link } from '@tanstack/react-router';
import type { CiRun } from '@vigiles/contract';
import { Button } from '../../ui/button.tsx';
import { StateLabel } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { kindLabel, runFace } from './ci-face.ts';
import { putAside } from './seen-runs.ts';

/** A failed run in the inbox: what failed, the line that says why, and the way there. */
export function CiNeed({ run, onOpen }: { run: CiRun; onOpen: () => void }) {
  const { verdict } = run;
  return (
    <article aria-label={`${run.workflow} failed`} className="flex flex-col gap-1.5">
      <div className="flex items-center gap-3 text-sm">
        <StateLabel face={runFace[run.state]} />
        <span className="min-w-0 truncate text-text-3">
          {run.repository} {run.branch}
        </span>
        <Ago ts={run.finished_at ?? run.started_at} className="ml-auto shrink-0 text-text-3" />
      </div>
      <Link
        to="/ci/runs/$id"
        params={{ id: run.id }}
        onClick={onOpen}
        className="font-medium text-pretty break-words hover:underline"
      >
        {run.workflow}
        {verdict && (
          <span className="font-normal text-text-2">: {kindLabel[verdict.kind].toLowerCase()}</span>
        )}
      </Link>
      {verdict && (
        <p className="text-sm text-pretty break-words text-text-2">
          {verdict.line ? <code className="font-mono text-xs">{verdict.line.text}</code> : verdict.reason}
        </p>
      )}
      {run.action && <p className="text-sm text-pretty break-words text-text-3">{run.action.reason}</p>}
      <div className="mt-1">
        <Button aria-label={`Put aside: ${run.workflow}`} onClick={() => putAside(run)}>
          Put aside
        </Button>
      </div>
    </article>
  );
}
