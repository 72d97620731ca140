import type { CheckSeen } from '@vigiles/contract';
import { CheckCircle2, CircleHelp, XCircle } from 'lucide-react';
import { formatMs } from '../../format/duration.ts';
import { StateLabel } from '../../ui/state.tsx';
import { labelOf } from '../../format/label.ts';

const faces = {
  healthy: { icon: CheckCircle2, label: 'Healthy', tone: 'ok' },
  failed: { icon: XCircle, label: 'Failed', tone: 'bad' },
  unknown: { icon: CircleHelp, label: 'Cannot tell', tone: 'idle' },
} as const;

/** `certificate_days_left` → `Certificate days left`; a path into JSON stays what it is. */
const nameOf = (fact: string): string => (/^[a-z][a-z0-9_]*$/.test(fact) ? labelOf(fact) : fact);

/** What one look found: its result, why, and the facts it saw. */
export function SeenFacts({ seen }: { seen: CheckSeen }) {
  const facts = Object.entries(seen.facts).filter(([, value]) => value !== null && value !== '');
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center gap-2">
        <StateLabel face={faces[seen.result]} />
        {seen.latency_ms !== null && <span className="num text-text-3">{formatMs(seen.latency_ms)}</span>}
      </div>
      {seen.reason && <p className="text-pretty break-words text-text-2">{seen.reason}</p>}
      {facts.length > 0 && (
        <dl className="flex flex-wrap gap-x-4 gap-y-0.5 text-sm">
          {facts.map(([name, value]) => (
            <div key={name} className="flex min-w-0 gap-1.5">
              <dt className="shrink-0 text-text-3">{nameOf(name)}</dt>
              <dd className="num min-w-0 break-all text-text-2">{String(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
