import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { CiRunDetail } from '@vigiles/contract';
import { ChevronLeft, ExternalLink, SearchX } from 'lucide-react';
import { ApiError } from '../../data/api.ts';
import { ciRunQuery } from '../../data/ci-queries.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { buttonClass } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StateBadge } from '../../ui/state.tsx';
import { Ago, Span } from '../../ui/time.tsx';
import { Attempts } from './attempts.tsx';
import { minutesText, runFace, shortCommit } from './ci-face.ts';
import { DonePanel } from './done-panel.tsx';
import { HandOverPanel } from './hand-over-panel.tsx';
import { RetryButton } from './retry-button.tsx';
import { VerdictPanel } from './verdict-panel.tsx';

/** A page of GitHub’s, where what the server told is one; nothing else becomes a link. */
const webPage = (url: string): string | null => (/^https?:\/\//.test(url) ? url : null);

function Shown({ detail }: { detail: CiRunDetail }) {
  const { run, attempts, retry_refusal: refusal } = detail;
  const page = webPage(run.url);
  return (
    <>
      <div className="mt-2 mb-5 flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="text-xl font-semibold tracking-tight text-balance break-words">{run.workflow}</h2>
          <div className="mt-2 flex flex-wrap items-center gap-3 text-text-2">
            <StateBadge face={runFace[run.state]} />
            <span className="break-all">
              {run.repository} <span className="text-text-3">{run.branch}</span>
            </span>
            <Ago ts={run.started_at} className="text-text-3" />
          </div>
        </div>
        <div className="flex flex-wrap gap-2">
          {page && (
            <a href={page} target="_blank" rel="noreferrer" className={buttonClass('secondary', 'md')}>
              <ExternalLink aria-hidden size={14} /> On GitHub
            </a>
          )}
          <RetryButton run={run} refusal={refusal} />
        </div>
      </div>
      <div className="grid items-start gap-4 @3xl:grid-cols-[minmax(0,1fr)_300px]">
        <div className="flex min-w-0 flex-col gap-4">
          <VerdictPanel verdict={run.verdict} />
          <Attempts attempts={attempts} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <DonePanel detail={detail} />
          <HandOverPanel run={run} />
          <Panel title="Facts">
            <Facts
              rows={[
                ['Attempt', run.attempt],
                ['Triggered by', run.event],
                [
                  'Commit',
                  <code key="c" className="font-mono text-xs">
                    {shortCommit(run.commit)}
                  </code>,
                ],
                ['Took', <Span key="t" since={run.started_at} until={run.finished_at} />],
                ['Spent on retries', minutesText(run.minutes_spent)],
                [
                  'Run',
                  <code key="i" className="font-mono text-xs break-all">
                    {run.id}
                  </code>,
                ],
              ]}
            />
          </Panel>
        </div>
      </div>
    </>
  );
}

/** One run: why it failed, what its logs say, what was done about it, and the way to run it again. */
export function CiRunPage() {
  const { id } = useParams({ from: '/shell/ci/runs/$id' });
  const query = useQuery(ciRunQuery(id));
  const detail = query.data;
  usePageTitle(detail ? `${detail.run.workflow}, ${detail.run.branch}` : 'CI run');
  return (
    <div className="@container min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-[1180px] px-(--gutter) py-5">
        <Link
          to="/ci"
          className="press -ml-1 inline-flex h-6 items-center gap-1 rounded-sm pr-1 text-sm text-text-3 hover:text-text"
        >
          <ChevronLeft aria-hidden size={14} /> CI
        </Link>
        {query.error instanceof ApiError && query.error.status === 404 ? (
          <EmptyState icon={SearchX} title="There is no such run">
            It may have been removed with old history, or belong to a repository that is not watched.
          </EmptyState>
        ) : query.isError && !detail ? (
          <ErrorState error={query.error} what="The run" retry={() => void query.refetch()} />
        ) : !detail ? (
          <SkeletonRows rows={6} height={48} />
        ) : (
          <Shown detail={detail} />
        )}
      </div>
    </div>
  );
}
