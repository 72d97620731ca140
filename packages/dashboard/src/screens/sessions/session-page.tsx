import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ChevronLeft, Download, SearchX } from 'lucide-react';
import { useCallback } from 'react';
import { ApiError } from '../../data/api.ts';
import { decisionsQuery, sessionQuery } from '../../data/session-queries.ts';
import { formatMicros } from '../../format/money.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { buttonClass } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StateBadge } from '../../ui/state.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { Checkpoints } from './checkpoints/checkpoints.tsx';
import { ControlBar } from './controls/control-bar.tsx';
import { DecisionCard } from './decisions/decision-card.tsx';
import { SessionFiles } from './files/session-files.tsx';
import { agentName, phaseFace } from './session-face.ts';
import { StateRail } from './state-rail.tsx';
import { EventStream } from './stream/event-stream.tsx';
import { TranscriptView } from './transcript/transcript.tsx';
import { useSessionFeed } from './use-session.ts';

/**
 * What a question is about may be long: its answers stay in sight. Of several, only with the question above them. The colour is the
 * card's, without what is below shining through.
 */
const inSight = 'sticky bottom-0 -mb-3 bg-[color-mix(in_oklab,var(--warn-soft)_40%,var(--canvas))] py-3';

/** One session: what the agent says and does as it happens, its questions, and the verbs that steer it. */
export function SessionPage() {
  const { id } = useParams({ from: '/shell/sessions/$id' });
  const { tab = 'transcript', kind } = useSearch({ from: '/shell/sessions/$id' });
  const navigate = useNavigate({ from: '/sessions/$id' });
  const query = useQuery(sessionQuery(id));
  const session = query.data;
  usePageTitle(session?.title || 'Session');
  const open = useSessionFeed(session);
  const wide = useMedia('(min-width: 1100px)');
  const { data: decisions = [] } = useQuery(decisionsQuery);
  const asked = decisions.filter((decision) => decision.session_id === id);
  const setTab = useCallback(
    (next: string): void =>
      void navigate({ search: next === 'transcript' ? {} : { tab: next }, replace: true }),
    [navigate],
  );

  const setKind = useCallback(
    (next: string | undefined): void =>
      void navigate({ search: { tab: 'events', ...(next ? { kind: next } : {}) }, replace: true }),
    [navigate],
  );

  if (query.error instanceof ApiError && query.error.status === 404)
    return (
      <EmptyState icon={SearchX} title="There is no such session">
        It may have been deleted, or belong to somebody else.
      </EmptyState>
    );
  if (query.isError && !session)
    return <ErrorState error={query.error} what="The session" retry={() => void query.refetch()} />;
  if (!session || !open) return <SkeletonRows rows={8} height={40} />;
  const cards = asked.length > 0 && (
    <section
      aria-label="Questions of the agent"
      className={cx(
        'max-h-[44vh] shrink-0 overflow-y-auto border-b border-line md:max-h-[50vh]',
        asked.some(({ state }) => state === 'pending') && 'bg-warn-soft/40',
      )}
    >
      <ul className="divide-y divide-line">
        {asked.map((decision) => (
          <li key={decision.decision_id} className="px-(--gutter) py-3">
            <DecisionCard decision={decision} {...(asked.length === 1 && { answersClass: inSight })} />
          </li>
        ))}
      </ul>
    </section>
  );
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="flex min-h-11 shrink-0 items-center gap-3 border-b border-line px-(--gutter) py-1.5">
          <Link
            to="/sessions"
            aria-label="All sessions"
            className="press -ml-1 inline-grid size-7 shrink-0 place-items-center rounded-md text-text-3 hover:bg-hover hover:text-text"
          >
            <ChevronLeft aria-hidden size={16} />
          </Link>
          <StateBadge face={phaseFace[session.phase]} />
          <span className="min-w-0 truncate text-text-2">
            {session.agent === null && session.lease ? session.lease.holder : agentName(session)}
            <span className="text-text-3">
              {session.agent?.model ? ` · ${session.agent.model}` : ''}
              {session.cost_microusd > 0 ? ` · ${formatMicros(session.cost_microusd)}` : ''}
            </span>
          </span>
          <a
            href={`/api/v1/sessions/${encodeURIComponent(id)}/export?format=jsonl`}
            download
            className={`ml-auto ${buttonClass('ghost')}`}
          >
            <Download aria-hidden size={14} /> <span className="max-sm:sr-only">Export</span>
          </a>
        </div>
        {/* Said aloud when it changes; the log itself is not. */}
        <p role="status" className="sr-only">
          {phaseFace[session.phase].label}
          {session.pending_decisions > 0 ? `, ${session.pending_decisions} questions wait for you` : ''}
        </p>
        {cards}
        <Tabs
          label="About the session"
          value={tab}
          onChange={setTab}
          items={[
            {
              id: 'transcript',
              label: 'Transcript',
              content: (
                <div className="flex h-full flex-col">
                  <TranscriptView sessionId={id} open={open} />
                </div>
              ),
            },
            {
              id: 'events',
              label: 'Events',
              content: (
                <div className="flex h-full flex-col">
                  <EventStream sessionId={id} feed={open.feed} kind={kind} onKind={setKind} />
                </div>
              ),
            },
            {
              id: 'files',
              label: 'Files',
              content: (
                <div className="flex h-full flex-col">
                  <SessionFiles sessionId={id} feed={open.feed} />
                </div>
              ),
            },
            {
              id: 'checkpoints',
              label: 'Checkpoints',
              content: (
                <div className="flex h-full flex-col">
                  <Checkpoints session={session} />
                </div>
              ),
            },
            ...(wide ? [] : [{ id: 'state', label: 'State', content: <StateRail session={session} /> }]),
          ]}
        />
        <ControlBar session={session} onRollback={() => setTab('checkpoints')} />
      </div>
      {wide && (
        <aside
          aria-label="State of the session"
          className="w-[300px] shrink-0 overflow-y-auto border-l border-line bg-surface"
          tabIndex={-1}
        >
          <StateRail session={session} />
        </aside>
      )}
    </div>
  );
}
