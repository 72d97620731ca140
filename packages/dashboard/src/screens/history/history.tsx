import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { seriesNamesQuery } from '../../data/series-queries.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Panel } from '../../ui/panel.tsx';
import { controlFigures, hostFigures, providerFigures, serviceFigures } from './figure-face.ts';
import { FiguresGrid } from './figures-grid.tsx';
import { MarkerLegend } from './marker-legend.tsx';
import { SpanPicker } from './span-picker.tsx';
import { parseSpan } from './span.ts';
import { TargetLegend } from './target-legend.tsx';

/** Of several services one number each: more could not be told apart. */
const together = serviceFigures.map((figure) => ({ ...figure, columns: figure.columns.slice(0, 1) }));
const shownTogether = 5;

/** Everything that is remembered, over time, with one cursor for all charts. */
export function History() {
  usePageTitle('History');
  const search = useSearch({ from: '/shell/history' });
  const navigate = useNavigate({ from: '/history' });
  const span = parseSpan(search.span);
  const { data: services = [] } = useQuery(seriesNamesQuery('latency'));
  const service = search.service ?? null;
  const set = (change: Record<string, string | undefined>): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false });
  const targets = service === null ? services.slice(0, shownTogether) : [service];
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-[1320px] flex-col gap-4 px-(--gutter) py-6">
        <div className="flex flex-wrap items-center gap-3">
          <SpanPicker
            key={span.id}
            span={span}
            onChange={(id) => set({ span: id === '1h' ? undefined : id })}
          />
          <div className="md:ml-auto">
            <MarkerLegend service={service} span={span} />
          </div>
        </div>
        <Panel
          title="Services"
          aside={
            <select
              aria-label="Service"
              className="h-7 max-w-48 rounded-md border border-line bg-surface px-2 text-sm text-text"
              value={service ?? ''}
              onChange={(event) => set({ service: event.target.value || undefined })}
            >
              <option value="">{services.length > shownTogether ? `First ${shownTogether}` : 'All'}</option>
              {services.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          }
        >
          <TargetLegend targets={targets} />
          <FiguresGrid
            figures={service === null ? together : serviceFigures}
            targets={targets}
            service={service}
            span={span}
            empty="Figures appear here with the first looks at a service."
          />
        </Panel>
        <Panel title="This machine">
          <FiguresGrid
            figures={hostFigures}
            targets={['host']}
            service={null}
            span={span}
            empty="They are read every ten seconds while Vigiles runs."
          />
        </Panel>
        <Panel title="Providers">
          <FiguresGrid
            figures={providerFigures}
            targets={[]}
            service={null}
            span={span}
            empty="Turns through the gateway appear here, by provider."
          />
        </Panel>
        <Panel title="Vigiles">
          <FiguresGrid
            figures={controlFigures}
            targets={['control']}
            service={null}
            span={span}
            empty="They are read every ten seconds while Vigiles runs."
          />
        </Panel>
      </div>
    </div>
  );
}
