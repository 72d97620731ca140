import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { turnQuery } from '../../../data/queries.ts';
import { usePageTitle } from '../../../shell/use-title.ts';
import { Panel } from '../../../ui/panel.tsx';
import { anatomyParts, NoTurn, TurnHead } from './anatomy.tsx';

/** What stands beside the long parts on a wide screen. */
const ASIDE = new Set(['request', 'tokens']);

/** One turn on a page of its own, to be linked to. */
export function TurnPage() {
  usePageTitle('Turn');
  const { id } = useParams({ from: '/shell/gateway/turns/$id' });
  const { data: turn, error, refetch } = useQuery(turnQuery(id));
  const parts = turn ? anatomyParts(turn) : [];
  // On a phone both columns become one, in the order of the parts.
  const panel = (part: (typeof parts)[number]) => (
    <div key={part.id} className="min-w-0" style={{ order: parts.indexOf(part) }}>
      <Panel title={part.title}>{part.content}</Panel>
    </div>
  );
  return (
    <div className="@container min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-[1080px] px-(--gutter) py-5">
        <Link
          to="/gateway"
          className="press -ml-1 inline-flex h-6 items-center gap-1 rounded-sm pr-1 text-sm text-text-3 hover:text-text"
        >
          <ChevronLeft aria-hidden size={14} /> Gateway
        </Link>
        {turn ? (
          <>
            <h2 className="mt-2 mb-2 text-xl font-semibold tracking-tight break-all">{turn.model}</h2>
            <div className="mb-5">
              <TurnHead turn={turn} />
            </div>
            <div className="grid items-start gap-4 @3xl:grid-cols-[minmax(0,1fr)_320px]">
              <div className="flex min-w-0 flex-col gap-4 @max-3xl:contents">
                {parts.filter((part) => !ASIDE.has(part.id)).map(panel)}
              </div>
              <div className="flex min-w-0 flex-col gap-4 @max-3xl:contents">
                {parts.filter((part) => ASIDE.has(part.id)).map(panel)}
              </div>
            </div>
          </>
        ) : (
          <NoTurn error={error} retry={() => void refetch()} />
        )}
      </div>
    </div>
  );
}
