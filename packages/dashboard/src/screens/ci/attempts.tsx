import type { CiAttempt, CiJob } from '@vigiles/contract';
import { CheckCircle2, ChevronRight, CircleDashed, XCircle } from 'lucide-react';
import { words } from '../../live/describe-event.ts';
import { Disclosure } from '../../ui/disclosure.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Ago } from '../../ui/time.tsx';
import { kindLabel, minutesText } from './ci-face.ts';
import { LogExcerpt } from './log-excerpt.tsx';

/** Jobs that are shown one by one; a matrix of hundreds is read on GitHub. */
const JOBS_SHOWN = 50;

function EndIcon({ conclusion }: { conclusion: string | null }) {
  if (conclusion === null) return <CircleDashed aria-hidden size={14} className="shrink-0 text-busy" />;
  if (conclusion === 'success') return <CheckCircle2 aria-hidden size={14} className="shrink-0 text-ok" />;
  return conclusion === 'failure' || conclusion === 'timed_out' || conclusion === 'startup_failure' ? (
    <XCircle aria-hidden size={14} className="shrink-0 text-bad" />
  ) : (
    <CircleDashed aria-hidden size={14} className="shrink-0 text-text-3" />
  );
}

function Job({ job, open }: { job: CiJob; open: boolean }) {
  const { name, conclusion, failed_step: step, minutes, verdict, lines, dropped, log_error: problem } = job;
  const hasMore = lines.length > 0 || problem !== null || verdict !== null;
  const head = (
    <>
      <EndIcon conclusion={conclusion} />
      <span className="min-w-0 flex-1 break-words">
        {name}
        {step && (
          <span className="text-text-3">
            {' '}
            · step {step.number}, {step.name}
          </span>
        )}
      </span>
      <span className="shrink-0 text-sm text-text-3 max-sm:hidden">
        {verdict ? kindLabel[verdict.kind] : words(conclusion)}
      </span>
      <span className="num w-16 shrink-0 text-right text-sm text-text-3">{minutesText(minutes)}</span>
    </>
  );
  if (!hasMore) return <li className="flex min-h-9 items-center gap-2.5 py-1.5 pr-4 pl-[39px]">{head}</li>;
  return (
    <li>
      <Disclosure
        open={open}
        className="press flex min-h-9 cursor-pointer items-center gap-2.5 px-4 py-1.5 -outline-offset-2 hover:bg-hover"
        summary={
          <>
            <ChevronRight aria-hidden size={13} className="shrink-0 text-text-3 group-open:rotate-90" />
            {head}
          </>
        }
      >
        <div className="flex flex-col gap-2 px-4 pb-3">
          {verdict && <p className="text-sm text-pretty break-words text-text-2">{verdict.reason}</p>}
          {problem !== null && <p className="text-sm break-words text-warn">No log: {problem}</p>}
          {lines.length > 0 && (
            <LogExcerpt
              lines={lines}
              dropped={dropped}
              decided={verdict?.line?.number ?? null}
              label={`Log of ${name}`}
            />
          )}
        </div>
      </Disclosure>
    </li>
  );
}

/** Each attempt with its jobs, the newest first; the first failed job of the newest is open to read. */
export function Attempts({ attempts }: { attempts: readonly CiAttempt[] }) {
  return attempts
    .toSorted((a, b) => b.attempt - a.attempt)
    .map(({ attempt, conclusion, started_at, minutes, jobs, opinion, opinion_note: note }, place) => {
      const failedFirst = jobs.toSorted(
        (a, b) => Number(a.conclusion === 'success') - Number(b.conclusion === 'success'),
      );
      return (
        <Panel
          key={attempt}
          title={`Attempt ${attempt}`}
          flush
          aside={
            <>
              <span>{conclusion === null ? 'running' : words(conclusion)}</span>
              <span className="num">{minutesText(minutes)}</span>
              <Ago ts={started_at} />
            </>
          }
        >
          {jobs.length === 0 ? (
            <p className="p-4 text-text-3">Nothing is known of its jobs.</p>
          ) : (
            <ul className="divide-y divide-line">
              {failedFirst.slice(0, JOBS_SHOWN).map((job, at) => (
                <Job key={job.id} job={job} open={place === 0 && at === 0 && job.lines.length > 0} />
              ))}
            </ul>
          )}
          {jobs.length > JOBS_SHOWN && (
            <p className="num px-4 py-2 text-sm text-text-3">{jobs.length - JOBS_SHOWN} more on GitHub.</p>
          )}
          {opinion !== null && (
            <div className="border-t border-line px-4 py-3">
              <p className="text-sm text-text-3">What a model thinks; nothing is done for it</p>
              <p className="mt-1 text-pretty break-words text-text-2">{opinion}</p>
            </div>
          )}
          {note !== null && (
            <p className="border-t border-line px-4 py-3 text-sm text-pretty break-words text-text-3">
              No model’s opinion: {note}
            </p>
          )}
        </Panel>
      );
    });
}
