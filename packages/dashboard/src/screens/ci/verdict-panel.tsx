import type { Verdict } from '@vigiles/contract';
import { CircleHelp } from 'lucide-react';
import { Panel } from '../../ui/panel.tsx';
import { kindLabel, percent } from './ci-face.ts';

function Line({ line }: { line: NonNullable<Verdict['line']> }) {
  return (
    <figure className="mt-3">
      <figcaption className="sr-only">The line that decided</figcaption>
      <div className="flex gap-3 rounded-md bg-sunken px-3 py-2 font-mono text-xs leading-[18px]">
        <span className="num shrink-0 text-text-3 select-none">{line.number}</span>
        <span className="min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]">{line.text}</span>
      </div>
    </figure>
  );
}

/** Why it failed: what was concluded, from which line, by which rule, how surely, and what else it could have been. */
export function VerdictPanel({ verdict }: { verdict: Verdict | null }) {
  if (!verdict)
    return (
      <Panel title="Verdict">
        <p className="text-text-3">It did not fail, or is not judged yet.</p>
      </Panel>
    );
  const { kind, confidence, rule, line, reason, runner_up: other, retry } = verdict;
  return (
    <Panel
      title="Verdict"
      aside={
        kind !== 'unknown' && (
          <span className="num" data-tip="How often verdicts like this one were right on the labelled logs">
            {percent(confidence)} sure
          </span>
        )
      }
    >
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="text-lg font-semibold">{kindLabel[kind]}</span>
        {kind !== 'unknown' && (
          <span className={retry ? 'text-sm text-ok' : 'text-sm text-text-3'}>
            {retry ? 'may pass unchanged' : 'running it again would not help'}
          </span>
        )}
      </p>
      <p className="mt-1 text-pretty break-words text-text-2">{reason}</p>
      {line && <Line line={line} />}
      <dl className="mt-3 flex flex-col gap-1 text-sm text-text-3">
        {rule !== 'none' && (
          <div className="flex gap-2">
            <dt>Decided by</dt>
            <dd className="min-w-0 font-mono text-xs leading-[18px] break-all text-text-2">{rule}</dd>
          </div>
        )}
        {other && (
          <div className="flex gap-2">
            <dt className="shrink-0">Could have been</dt>
            <dd className="min-w-0 break-words">
              <span className="text-text-2">{kindLabel[other.kind]}</span>{' '}
              <span className="font-mono text-xs">{other.rule}</span>
              {other.line && (
                <span className="block font-mono text-xs [overflow-wrap:anywhere]">
                  {other.line.number} {other.line.text}
                </span>
              )}
            </dd>
          </div>
        )}
      </dl>
      {kind === 'unknown' && (
        <p className="mt-3 flex gap-2 text-sm text-pretty text-text-3">
          <CircleHelp aria-hidden size={14} className="mt-[2px] shrink-0" />
          Nothing in its logs says clearly enough what failed, so nothing is done by itself.
        </p>
      )}
    </Panel>
  );
}
