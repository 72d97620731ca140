import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronLeft, SearchX } from 'lucide-react';
import { GuardLine } from '../../actions/guard-line.tsx';
import { RunCard } from '../../actions/run-card.tsx';
import { ApiError } from '../../data/api.ts';
import { incidentQuery, runsQuery } from '../../data/queries.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { severityFace, StateBadge, StateLabel } from '../../ui/state.tsx';
import { Ago, Span } from '../../ui/time.tsx';
import { AcknowledgeButton } from './acknowledge-button.tsx';
import { AddNote } from './add-note.tsx';
import { ExportButton, TakeOverButton } from './incident-buttons.tsx';
import { Replay } from './replay.tsx';
import { Suggested } from './suggested.tsx';
import { faceOf } from './face-of.ts';
import { Timeline } from './timeline.tsx';

/** One incident, told as it happened and as it goes on. */
export function IncidentDetail() {
  usePageTitle('Incident');
  const { id } = useParams({ from: '/shell/incidents/$id' });
  const query = useQuery(incidentQuery(id));
  const runs = (useQuery(runsQuery).data ?? []).filter((run) => run.incident_id === id);
  const incident = query.data;

  return (
    <div className="@container min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-[1080px] px-(--gutter) py-5">
        <Link
          to="/incidents"
          className="press -ml-1 inline-flex h-6 items-center gap-1 rounded-sm pr-1 text-sm text-text-3 hover:text-text"
        >
          <ChevronLeft aria-hidden size={14} /> Incidents
        </Link>
        {query.error instanceof ApiError && query.error.status === 404 ? (
          <EmptyState icon={SearchX} title="There is no such incident">
            It may have been removed with old history.
          </EmptyState>
        ) : query.isError && !incident ? (
          <ErrorState error={query.error} what="The incident" retry={() => void query.refetch()} />
        ) : !incident ? (
          <SkeletonRows rows={6} height={48} />
        ) : (
          <>
            <div className="mt-2 mb-5 flex flex-wrap items-start gap-x-4 gap-y-3">
              <div className="min-w-0 flex-1 basis-72">
                <h2 className="text-xl font-semibold tracking-tight text-balance">{incident.title}</h2>
                <div className="mt-2 flex flex-wrap items-center gap-3 text-text-2">
                  <StateBadge face={faceOf(incident)} />
                  {incident.target_class === 'service' ? (
                    <Link
                      to="/fleet"
                      search={{ service: incident.target }}
                      className="font-medium hover:underline"
                    >
                      {incident.target}
                    </Link>
                  ) : incident.target_class === 'session' ? (
                    <Link
                      to="/sessions/$id"
                      params={{ id: incident.target.slice('session:'.length) }}
                      className="font-medium break-all hover:underline"
                    >
                      {incident.target}
                    </Link>
                  ) : (
                    <span className="font-medium break-all">{incident.target}</span>
                  )}
                  <Ago ts={incident.opened_at} className="text-text-3" />
                </div>
              </div>
              <div className="flex flex-wrap gap-2">
                <TakeOverButton incident={incident} />
                <ExportButton id={incident.id} />
                <AcknowledgeButton incident={incident} />
              </div>
            </div>
            <div className="grid items-start gap-4 @3xl:grid-cols-[minmax(0,1fr)_300px]">
              <div className="flex min-w-0 flex-col gap-4">
                <Suggested incident={incident} />
                <Panel title="What happened">
                  {incident.timeline.length === 0 ? (
                    <p className="text-text-3">Nothing is recorded yet.</p>
                  ) : (
                    <Timeline entries={incident.timeline} />
                  )}
                  <AddNote id={incident.id} />
                </Panel>
                <Replay id={incident.id} />
              </div>
              <div className="flex flex-col gap-4 @max-3xl:contents">
                {runs.length > 0 && (
                  <Panel title="Actions" flush className="@max-3xl:-order-1">
                    <ul className="divide-y divide-line">
                      {runs.map((run) => (
                        <li key={run.id} className="p-4">
                          <RunCard run={run} />
                        </li>
                      ))}
                    </ul>
                  </Panel>
                )}
                {incident.state !== 'closed' && <GuardLine target={incident.service} />}
                <Panel title="Facts">
                  <Facts
                    rows={[
                      ['Severity', <StateLabel key="s" face={severityFace[incident.severity]} />],
                      [
                        'Fault',
                        <code key="f" className="font-mono text-xs break-all">
                          {incident.fault_id ?? incident.fault_code}
                        </code>,
                      ],
                      ['Lasted', <Span key="l" since={incident.opened_at} until={incident.closed_at} />],
                      ['Times seen', incident.occurrences],
                      ['Opened', <Ago key="o" ts={incident.opened_at} />],
                      ['Closed', <Ago key="c" ts={incident.closed_at} />],
                      [
                        'Id',
                        <code key="i" className="font-mono text-xs break-all">
                          {incident.id}
                        </code>,
                      ],
                    ]}
                  />
                </Panel>
              </div>
            </div>
          </>
        )}
      </div>
    </div>
  );
}
