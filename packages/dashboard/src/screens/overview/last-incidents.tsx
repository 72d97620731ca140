import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { incidentsQuery } from '../../data/queries.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StateLabel } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { faceOf } from '../incidents/face-of.ts';

const SHOWN = 6;

export function LastIncidents() {
  const query = useInfiniteQuery(incidentsQuery({}));
  const incidents = query.data?.pages[0]?.incidents;
  return (
    <Panel
      title="Last incidents"
      flush
      aside={
        <Link to="/incidents" className="press rounded-sm py-1 hover:text-text">
          Open
        </Link>
      }
    >
      {query.isError && !incidents ? (
        <ErrorState error={query.error} what="Incidents" retry={() => void query.refetch()} />
      ) : !incidents ? (
        <SkeletonRows rows={4} height={40} />
      ) : incidents.length === 0 ? (
        <EmptyState icon={ShieldCheck} title="No incidents so far">
          When something breaks, what Vigiles saw, decided and did is told here.
        </EmptyState>
      ) : (
        <ul>
          {incidents.slice(0, SHOWN).map((incident) => (
            <li key={incident.id} className="border-b border-line last:border-0">
              <Link
                to="/incidents/$id"
                params={{ id: incident.id }}
                className="press grid h-10 grid-cols-[104px_minmax(0,1fr)_64px] items-center gap-4 px-4 outline-offset-[-2px] hover:bg-hover"
              >
                <StateLabel face={faceOf(incident)} />
                <span className="truncate">{incident.title}</span>
                <Ago ts={incident.opened_at} className="text-right text-text-3" />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
