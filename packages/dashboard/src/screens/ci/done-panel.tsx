import type { CiRetry, CiRunDetail } from '@vigiles/contract';
import { useNames } from '../../data/use-names.ts';
import { actorName } from '../../live/actor-names.ts';
import { Panel } from '../../ui/panel.tsx';
import { StateLabel, toneText } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { actionText, actionTone, minutesText, retryFace, ruleText } from './ci-face.ts';

function Retry({ retry }: { retry: CiRetry }) {
  const { attempt, by, reason, state, asked_at, settled_at, minutes, message } = retry;
  return (
    <li className="flex flex-col gap-0.5 border-t border-line px-4 py-3">
      <div className="flex items-center gap-3 text-sm">
        <StateLabel face={retryFace[state]} />
        <Ago ts={settled_at ?? asked_at} className="ml-auto shrink-0 text-text-3" />
      </div>
      <p className="num text-sm text-text-3">
        after attempt {attempt}
        {minutes > 0 && `, ${minutesText(minutes)}`}
      </p>
      <p className="text-pretty break-words">
        {by === 'ci' ? 'Vigiles' : actorName(by)}: {reason}
      </p>
      {message !== '' && <p className="text-sm text-pretty break-words text-text-3">{message}</p>}
    </li>
  );
}

/** What was done about it, by which rule, and every re-run that was asked for. */
export function DonePanel({ detail: { run, retries } }: { detail: CiRunDetail }) {
  useNames();
  const { action } = run;
  return (
    <Panel
      title="What was done"
      flush
      aside={
        <span className="num">
          {run.retries_used} {run.retries_used === 1 ? 'retry' : 'retries'} of this commit
        </span>
      }
    >
      <div className="px-4 py-3">
        {action ? (
          <>
            <p className="flex items-baseline gap-3">
              <span className={`font-medium ${toneText[actionTone(action)]}`}>{actionText(run)}</span>
              <Ago ts={action.at} className="ml-auto text-sm text-text-3" />
            </p>
            <p className="mt-0.5 text-pretty break-words text-text-2">{action.reason}</p>
            <p className="mt-1 text-sm text-text-3">Rule: {ruleText(action.by_rule)}</p>
          </>
        ) : (
          <p className="text-text-3">
            {run.state === 'failed' ? 'Nothing was decided yet.' : 'There was nothing to do.'}
          </p>
        )}
      </div>
      {retries.length > 0 && (
        <ul aria-label="Retries">
          {retries
            .toSorted((a, b) => b.asked_at - a.asked_at)
            .map((retry) => (
              <Retry key={retry.id} retry={retry} />
            ))}
        </ul>
      )}
    </Panel>
  );
}
