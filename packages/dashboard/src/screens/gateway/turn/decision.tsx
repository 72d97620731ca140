import type { CandidateVerdict, RouteDecision } from '@vigiles/contract';
import { Check, Minus, X } from 'lucide-react';
import { formatMs } from '../../../format/duration.ts';
import { Badge } from '../../../ui/badge.tsx';
import { cx } from '../../../ui/cx.ts';

/** Chosen, in reserve, or why not. */
function Verdict({
  candidate,
  chosen,
  failed,
}: {
  candidate: CandidateVerdict;
  chosen: boolean;
  failed: boolean;
}) {
  if (candidate.rejected) {
    return (
      <span className="inline-flex items-start gap-1.5 text-text-2">
        <X aria-hidden size={14} className="mt-[3px] shrink-0 text-warn" />
        <span className="break-words">{candidate.rejected.detail}</span>
      </span>
    );
  }
  const Icon = chosen ? Check : failed ? X : Minus;
  return (
    <span className={cx('inline-flex items-center gap-1.5', chosen ? 'text-ok' : 'text-text-3')}>
      <Icon aria-hidden size={14} className="shrink-0" />
      {chosen ? 'chosen' : failed ? 'tried, and failed' : 'in reserve'}
    </span>
  );
}

/** The places a turn could have gone to, in their order, each with what spoke for or against it. */
export function Candidates({
  decision,
  chosen,
}: {
  decision: Pick<RouteDecision, 'candidates' | 'attempts'>;
  chosen: { provider: string; model: string } | null;
}) {
  return (
    <ol className="flex flex-col divide-y divide-line rounded-md border border-line">
      {decision.candidates.map((one, i) => (
        <li key={`${one.provider}/${one.model}/${i}`} className="flex gap-3 px-3 py-2">
          <span className="num w-4 shrink-0 pt-px text-right text-text-3">{i + 1}</span>
          <div className="min-w-0 flex-1">
            <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <span className="min-w-0 font-medium break-all">
                {one.provider}/{one.model}
              </span>
              {one.side && <Badge>{one.side}</Badge>}
            </p>
            <Verdict
              candidate={one}
              failed={decision.attempts.some(
                ({ provider, model, outcome }) =>
                  outcome === 'failed' && provider === one.provider && model === one.model,
              )}
              chosen={one.provider === chosen?.provider && one.model === chosen.model}
            />
          </div>
          <p className="num shrink-0 text-right text-sm text-text-3">
            score {one.score}
            <br />
            {one.latency_ms === null ? 'not measured' : formatMs(one.latency_ms)}
            {one.failures > 0 && ` · ${one.failures} failed`}
          </p>
        </li>
      ))}
    </ol>
  );
}

/** The decision told in sentences. Words between backticks are names. */
export function Story({ story }: { story: readonly string[] }) {
  return (
    <ol className="flex flex-col gap-1">
      {story.map((sentence) => (
        <li key={sentence} className="text-pretty break-words text-text-2">
          {sentence.split('`').map((part, i) =>
            i % 2 === 1 ? (
              <code key={part} className="font-mono text-xs text-text">
                {part}
              </code>
            ) : (
              part
            ),
          )}
        </li>
      ))}
    </ol>
  );
}
