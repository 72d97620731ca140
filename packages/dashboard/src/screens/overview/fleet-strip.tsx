import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Server } from 'lucide-react';
import { servicesQuery } from '../../data/queries.ts';
import { formatMs } from '../../format/duration.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { serviceFace, StateLabel } from '../../ui/state.tsx';
import { arrange } from '../fleet/arrange.ts';
import { LiveBeats } from '../fleet/live-beats.tsx';

const SHOWN = 8;

/** The services that most need a look, with their last half hour or so. */
export function FleetStrip() {
  const query = useQuery(servicesQuery);
  const services = query.data;
  const shown = services ? arrange(services, {}).slice(0, SHOWN) : [];
  return (
    <Panel
      title="Fleet"
      flush
      aside={
        <Link to="/fleet" className="press rounded-sm py-1 hover:text-text">
          {services && services.length > SHOWN ? `All ${services.length}` : 'Open'}
        </Link>
      }
    >
      {query.isError && !services ? (
        <ErrorState error={query.error} what="The fleet" retry={() => void query.refetch()} />
      ) : !services ? (
        <SkeletonRows rows={5} height={40} />
      ) : services.length === 0 ? (
        <EmptyState icon={Server} title="Nothing is watched yet">
          Add a service to <code className="font-mono text-xs">vigiles.yaml</code> and it appears here.
        </EmptyState>
      ) : (
        <ul className="@container">
          {shown.map((service) => (
            <li key={service.name} className="border-b border-line last:border-0">
              <Link
                to="/fleet"
                search={{ service: service.name }}
                className="press grid h-10 grid-cols-[104px_minmax(0,1fr)_64px] items-center gap-4 px-4 outline-offset-[-2px] hover:bg-hover @lg:grid-cols-[104px_minmax(0,1fr)_180px_64px]"
              >
                <StateLabel face={serviceFace[service.state]} />
                <span className="truncate font-medium">{service.title}</span>
                <span className="hidden @lg:block">
                  <LiveBeats service={service} slots={60} h={14} pitch={3} />
                </span>
                <span className="num text-right text-text-2">{formatMs(service.p50_ms)}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
