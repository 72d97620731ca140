import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Prediction } from '@vigiles/contract';
import { Hourglass } from 'lucide-react';
import { predictionsQuery, servicesQuery } from '../../data/queries.ts';
import { formatSpan } from '../../format/duration.ts';
import { Panel } from '../../ui/panel.tsx';
import { useNow } from '../../ui/use-now.ts';

const row = 'flex items-start gap-3 px-4 py-2.5 outline-offset-[-2px]';

function Told({ prediction }: { prediction: Prediction }) {
  const left = Math.max(0, prediction.at + prediction.time_left_ms - useNow());
  return (
    <>
      <Hourglass aria-hidden size={14} className="mt-[3px] shrink-0 text-warn" />
      <span className="min-w-0 flex-1">
        <span className="block font-medium text-pretty break-words">{prediction.title}</span>
        <span className="block text-sm text-pretty break-words text-text-3">{prediction.detail}</span>
      </span>
      <span className="num shrink-0 text-warn">{formatSpan(left)}</span>
    </>
  );
}

/** Failures that are on their way, soonest first; nothing is drawn where none is. */
export function Foreseen() {
  const { data = [] } = useQuery(predictionsQuery);
  const known = new Set(useQuery(servicesQuery).data?.map(({ name }) => name));
  if (data.length === 0) return null;
  return (
    <Panel title="Foreseen" flush>
      <ul className="divide-y divide-line">
        {data.map((prediction) => (
          <li key={prediction.id}>
            {known.has(prediction.target) ? (
              <Link
                to="/fleet"
                search={{ service: prediction.target, tab: 'metrics' }}
                className={`press hover:bg-hover ${row}`}
              >
                <Told prediction={prediction} />
              </Link>
            ) : (
              <div className={row}>
                <Told prediction={prediction} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
