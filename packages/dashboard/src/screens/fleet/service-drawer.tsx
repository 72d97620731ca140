import { Link } from '@tanstack/react-router';
import { Hourglass } from 'lucide-react';
import type { Service } from '@vigiles/contract';
import { Suspense, type ReactNode } from 'react';
import { formatMs, formatSpan } from '../../format/duration.ts';
import { formatMegabytes, formatShare, UNKNOWN } from '../../format/number.ts';
import { BeatBar } from '../../ui/beat-bar.tsx';
import { lazyChart } from '../../ui/lazy-chart.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Stat } from '../../ui/stat.tsx';
import { serviceFace, StateBadge } from '../../ui/state.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Ago } from '../../ui/time.tsx';
import { useBeats } from '../../live/use-beats.ts';
import { Dependencies } from './dependencies.tsx';
import { serviceFigures } from '../history/figure-face.ts';
import { FiguresGrid } from '../history/figures-grid.tsx';
import { MarkerLegend } from '../history/marker-legend.tsx';
import { SpanPicker } from '../history/span-picker.tsx';
import type { HistorySpan } from '../history/span.ts';
import { LogsTail } from './logs-tail.tsx';
import { MaintenanceSection } from './maintenance-section.tsx';
import { OfferedActions } from './offered-actions.tsx';
import { ServiceChecks } from './service-checks.tsx';
import { ServiceForm } from './service-form/service-form.tsx';

const LatencyChart = lazyChart(async () => (await import('./latency-chart.tsx')).LatencyChart);

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-b border-line px-4 py-4 last:border-0">
      <h3 className="mb-2.5 text-sm font-medium text-text-3">{title}</h3>
      {children}
    </section>
  );
}

function Summary({ service }: { service: Service }) {
  const beats = useBeats(service);
  return (
    <>
      <Section title="Last looks">
        <BeatBar beats={beats} h={24} tips />
        <div className="mt-1 flex justify-between text-xs text-text-3">
          {beats[0] ? <Ago ts={beats[0].ts} /> : <span>No looks yet</span>}
          <span>now</span>
        </div>
        <dl className="mt-4 grid grid-cols-4 gap-3">
          <Stat label="p50">{formatMs(service.p50_ms)}</Stat>
          <Stat label="p99">{formatMs(service.p99_ms)}</Stat>
          <Stat label="Up, 24 h">{formatShare(service.uptime_24h)}</Stat>
          <Stat label="Restarts">{service.restarts_in_window}</Stat>
        </dl>
      </Section>
      <Section title="Latency">
        <Suspense fallback={<div style={{ height: 140 }} />}>
          <LatencyChart beats={beats} />
        </Suspense>
      </Section>
      <Section title="Actions">
        <OfferedActions service={service} />
      </Section>
      <Section title="Maintenance">
        <MaintenanceSection service={service} />
      </Section>
      <Section title="Dependencies">
        <Dependencies service={service} />
      </Section>
      <Section title="Process">
        <Facts
          rows={[
            ['Kind', service.kind],
            ['Version', service.version ?? UNKNOWN],
            ['Process', service.pid ?? UNKNOWN],
            ['Port', service.port ?? UNKNOWN],
            ['Running for', service.uptime_s === null ? UNKNOWN : formatSpan(service.uptime_s * 1000)],
            ['Memory', formatMegabytes(service.memory_mb)],
          ]}
        />
      </Section>
      <Section title="Checks">
        <ServiceChecks service={service} />
      </Section>
    </>
  );
}

/** One service in depth. Its tab is in the URL, like the service itself. */
export function ServiceDrawer({
  service,
  tab,
  onTab,
  span,
  onSpan,
  onClose,
}: {
  service: Service;
  tab: string;
  onTab: (tab: string) => void;
  /** What its charts show. */
  span: HistorySpan;
  onSpan: (id: string) => void;
  onClose: () => void;
}) {
  return (
    <Drawer title={service.title} label={service.title} onClose={onClose}>
      <div className="flex h-full flex-col">
        <div className="flex shrink-0 flex-col gap-1.5 px-4 pt-3 pb-2">
          <div className="flex items-center gap-3">
            <StateBadge face={serviceFace[service.state]} />
            <span className="text-text-3">
              since <Ago ts={service.since} />
            </span>
            {service.open_incident_id && (
              <Link
                to="/incidents/$id"
                params={{ id: service.open_incident_id }}
                className="ml-auto font-medium underline decoration-line-strong underline-offset-4 hover:decoration-current"
              >
                Open incident
              </Link>
            )}
          </div>
          {service.predictions.map(({ id, title, detail }) => (
            <p key={id} className="flex gap-2 rounded-md bg-warn-soft px-2.5 py-1.5 text-pretty text-warn">
              <Hourglass aria-hidden size={14} className="mt-[3px] shrink-0" />
              <span className="min-w-0 break-words">
                {title}. <span className="text-text-2">{detail}</span>
              </span>
            </p>
          ))}
          {service.reason && <p className="text-pretty break-words text-text-2">{service.reason}</p>}
        </div>
        <Tabs
          label={`About ${service.title}`}
          value={tab}
          onChange={onTab}
          items={[
            { id: 'summary', label: 'Summary', content: <Summary service={service} /> },
            {
              id: 'metrics',
              label: 'Metrics',
              content: (
                <div className="flex flex-col gap-4 p-4">
                  <SpanPicker key={span.id} span={span} onChange={onSpan} />
                  <MarkerLegend service={service.name} span={span} />
                  <FiguresGrid
                    figures={serviceFigures}
                    targets={[service.name]}
                    service={service.name}
                    span={span}
                    empty="Figures appear here with the first looks at it."
                  />
                </div>
              ),
            },
            { id: 'logs', label: 'Logs', content: <LogsTail name={service.name} /> },
            {
              id: 'settings',
              label: 'Settings',
              content: <ServiceForm name={service.name} onDone={onClose} />,
            },
          ]}
        />
      </div>
    </Drawer>
  );
}
