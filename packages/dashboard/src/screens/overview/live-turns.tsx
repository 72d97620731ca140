import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Radio } from 'lucide-react';
import { gatewayQuery } from '../../data/queries.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Span } from '../../ui/time.tsx';
import { PhaseLabel } from '../gateway/phase-label.tsx';

const SHOWN = 6;

/** What agents are doing right now. */
export function LiveTurns() {
  const query = useQuery(gatewayQuery);
  const snapshot = query.data?.snapshot;
  return (
    <Panel
      title="Live turns"
      flush
      aside={
        <Link to="/gateway" className="press num rounded-sm py-1 hover:text-text">
          {snapshot && snapshot.active > SHOWN ? `All ${snapshot.active}` : 'Open'}
        </Link>
      }
    >
      {query.isError && !query.data ? (
        <ErrorState error={query.error} what="The gateway" retry={() => void query.refetch()} />
      ) : !query.data ? (
        <SkeletonRows rows={4} height={40} />
      ) : !snapshot ? (
        <EmptyState icon={Radio} title="The gateway does not answer">
          What is under way cannot be known until it does.
        </EmptyState>
      ) : snapshot.live.length === 0 ? (
        <EmptyState icon={Radio} title="No agent is working right now">
          Connect one with <code className="font-mono text-xs">vigiles connect codex</code>; its turns appear
          here.
        </EmptyState>
      ) : (
        <ul>
          {snapshot.live.slice(0, SHOWN).map((turn) => (
            <li
              key={turn.id}
              className="grid h-10 grid-cols-[104px_minmax(0,1fr)_64px] items-center gap-4 border-b border-line px-4 last:border-0"
            >
              <PhaseLabel phase={turn.phase} />
              <span className="truncate">
                <span className="font-medium">{turn.model}</span>{' '}
                <span className="text-text-3">{turn.provider}</span>
              </span>
              <span className="text-right text-text-2">
                <Span since={turn.started_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
