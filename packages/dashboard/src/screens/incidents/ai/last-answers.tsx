import { Link } from '@tanstack/react-router';
import type { DiagnosisCall } from '@vigiles/contract';
import { formatMs } from '../../../format/duration.ts';
import { formatMicros } from '../../../format/money.ts';
import { words } from '../../../live/describe-event.ts';
import { Panel } from '../../../ui/panel.tsx';
import { Ago } from '../../../ui/time.tsx';

const outcomes: Record<DiagnosisCall['outcome'], string> = {
  asking: 'asking…',
  suggested: 'suggested to a person',
  acted: 'done by itself',
  low_confidence: 'not sure enough',
  not_allowed: 'not allowed',
  invalid: 'not understood',
  refused: 'refused',
  timeout: 'too late',
  failed: 'failed',
};

/** What the model said last. Its words are text and nothing else. */
export function LastAnswers({ calls }: { calls: readonly DiagnosisCall[] }) {
  if (calls.length === 0) return null;
  return (
    <Panel title="Last answers" flush>
      <ul className="max-h-80 divide-y divide-line overflow-y-auto" tabIndex={0} aria-label="Last answers">
        {calls.map((call) => (
          <li key={call.id} className="px-4 py-2.5">
            <div className="flex flex-wrap items-baseline gap-x-3">
              <Link
                to="/incidents/$id"
                params={{ id: call.incident_id }}
                className="font-medium hover:underline"
              >
                <span className="inline-block first-letter:uppercase">
                  {call.action ? words(call.action) : 'No answer'}
                </span>
              </Link>
              <span className="text-sm text-text-2">{outcomes[call.outcome]}</span>
              <span className="num ml-auto text-sm text-text-3">
                {formatMicros(call.cost_micros)} · {formatMs(call.latency_ms)} · <Ago ts={call.ts} />
              </span>
            </div>
            {call.reason && <p className="text-sm text-pretty break-words text-text-3">{call.reason}</p>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
