import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Hourglass } from 'lucide-react';
import type { Service } from '@vigiles/contract';
import { sparklinesQuery } from '../../data/series-queries.ts';
import { formatMs, formatSpan } from '../../format/duration.ts';
import { formatMegabytes, formatShare, UNKNOWN } from '../../format/number.ts';
import { Sparkline } from '../../ui/sparkline.tsx';
import { serviceFace, StateLabel } from '../../ui/state.tsx';
import type { Column } from '../../ui/virtual-table.tsx';
import { rowLink } from '../../ui/row-link.ts';
import { useBeats } from '../../live/use-beats.ts';
import { LiveBeats } from './live-beats.tsx';

/** The name is the row's one link; it covers the row, but what has a tooltip lies above it. */
function Name({ service }: { service: Service }) {
  return (
    <Link
      to="/fleet"
      search={(before) => ({ ...before, service: service.name })}
      data-row-link
      className={`${rowLink} font-medium`}
    >
      {service.title}
    </Link>
  );
}

/** What is foreseen of it first, in as few letters as it takes; the whole of it is the tooltip. */
function Foreseen({ service }: { service: Service }) {
  const [first] = service.predictions;
  if (!first) return null;
  return (
    <span
      data-tip={`${first.title}\n${first.detail}`}
      className="num relative z-[1] ml-2 inline-flex h-5 shrink-0 items-center gap-1 rounded-full bg-warn-soft px-1.5 text-xs text-warn"
    >
      <Hourglass aria-hidden size={11} />
      <span className="sr-only">{first.title}</span>
      <span aria-hidden>{formatSpan(first.time_left_ms)}</span>
    </span>
  );
}

/** Every row reads from the one answer about all services. */
function Latency({ service }: { service: Service }) {
  const { data } = useQuery(sparklinesQuery);
  const beats = useBeats(service);
  return <Sparkline beats={beats} minutes={data?.get(service.name)} />;
}

const dim = (text: string | number) => <span className="truncate text-text-2">{text}</span>;

export const fleetColumns: Column<Service>[] = [
  {
    id: 'state',
    header: 'State',
    width: '116px',
    sort: 'state',
    cell: (row) => <StateLabel face={serviceFace[row.state]} />,
  },
  {
    id: 'name',
    header: 'Service',
    width: 'minmax(110px,1fr)',
    sort: 'name',
    cell: (row) => (
      <>
        <Name service={row} />
        <Foreseen service={row} />
      </>
    ),
  },
  {
    id: 'beats',
    header: 'Last 90 looks',
    width: '180px',
    from: 'sm',
    cell: (row) => (
      <span className="relative z-[1] w-full">
        <LiveBeats service={row} pitch={2} />
      </span>
    ),
  },
  {
    id: 'latency',
    header: 'Latency',
    width: '88px',
    from: 'md',
    cell: (row) => (
      <span className="relative z-[1]">
        <Latency service={row} />
      </span>
    ),
  },
  { id: 'p50', header: 'p50', width: '64px', align: 'end', sort: 'p50', cell: (row) => formatMs(row.p50_ms) },
  {
    id: 'p99',
    header: 'p99',
    width: '64px',
    align: 'end',
    sort: 'p99',
    from: 'md',
    cell: (row) => formatMs(row.p99_ms),
  },
  {
    id: 'uptime',
    header: 'Up, 24 h',
    width: '68px',
    align: 'end',
    sort: 'uptime',
    from: 'md',
    cell: (row) => formatShare(row.uptime_24h),
  },
  {
    id: 'memory',
    header: 'Memory',
    width: '64px',
    align: 'end',
    sort: 'memory',
    from: 'lg',
    cell: (row) => dim(formatMegabytes(row.memory_mb)),
  },
  {
    id: 'port',
    header: 'Port',
    width: '48px',
    align: 'end',
    from: 'lg',
    cell: (row) => dim(row.port ?? UNKNOWN),
  },
  { id: 'version', header: 'Version', width: '68px', from: 'xl', cell: (row) => dim(row.version ?? UNKNOWN) },
  {
    id: 'pid',
    header: 'Process',
    width: '60px',
    align: 'end',
    from: 'xl',
    cell: (row) => dim(row.pid ?? UNKNOWN),
  },
];

/** The same on a phone, in two lines. */
export function FleetCompact({ service }: { service: Service }) {
  return (
    <>
      <div className="flex items-center gap-3">
        <span className="flex min-w-0">
          <Name service={service} />
          <Foreseen service={service} />
        </span>
        <span className="ml-auto">
          <StateLabel face={serviceFace[service.state]} className="text-sm" />
        </span>
      </div>
      <div className="flex items-center gap-4">
        <span className="min-w-0 flex-1">
          <LiveBeats service={service} slots={60} h={12} />
        </span>
        <span className="num w-16 shrink-0 text-right text-sm text-text-2">{formatMs(service.p50_ms)}</span>
      </div>
    </>
  );
}
