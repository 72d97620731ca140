import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { BrainCircuit } from 'lucide-react';
import { configQuery } from '../../../data/config.ts';
import { knowledgeQuery, watchdogAiQuery } from '../../../data/knowledge.ts';
import { usePageTitle } from '../../../shell/use-title.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { SearchField } from '../../../ui/search-field.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { AiFigures } from './ai-figures.tsx';
import { AiSettings } from './ai-settings.tsx';
import { LastAnswers } from './last-answers.tsx';
import { PatternRow } from './pattern-row.tsx';

/** The three tiers' memory: what the AI may, what it cost, and what verifiably helped. */
export function AiMonitoring() {
  usePageTitle('AI monitoring');
  const search = useSearch({ from: '/shell/incidents-frame/incidents/ai' });
  const navigate = useNavigate({ from: '/incidents/ai' });
  const status = useQuery(watchdogAiQuery);
  const config = useQuery(configQuery);
  const q = search.q ?? '';
  const known = useQuery(knowledgeQuery(q));
  return (
    <div className="@container min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-[1080px] flex-col gap-4 px-(--gutter) py-6">
        <div className="grid items-start gap-4 @3xl:grid-cols-[minmax(0,1fr)_360px]">
          <div className="flex min-w-0 flex-col gap-4">
            {status.isError && !status.data ? (
              <ErrorState error={status.error} what="The AI’s state" retry={() => void status.refetch()} />
            ) : !status.data ? (
              <SkeletonRows rows={3} height={48} />
            ) : (
              <>
                <AiFigures status={status.data} />
                <LastAnswers calls={status.data.last} />
              </>
            )}
          </div>
          {config.data ? (
            <AiSettings key={config.data.revision} answer={config.data} />
          ) : config.isError ? (
            <ErrorState error={config.error} what="The settings" retry={() => void config.refetch()} />
          ) : (
            <SkeletonRows rows={6} height={40} />
          )}
        </div>
        <Panel
          title="Known patterns"
          flush
          aside={
            <div className="w-36 sm:w-56">
              <SearchField
                label="Search patterns"
                value={q}
                onChange={(text) => void navigate({ search: text ? { q: text } : {}, replace: true })}
              />
            </div>
          }
        >
          {known.isError && !known.data ? (
            <ErrorState error={known.error} what="Known patterns" retry={() => void known.refetch()} />
          ) : !known.data ? (
            <SkeletonRows rows={4} height={72} />
          ) : known.data.patterns.length === 0 ? (
            <EmptyState icon={BrainCircuit} title={q ? 'No pattern matches' : 'Nothing was seen yet'}>
              Each fault leaves its pattern here, with what was tried and how often it verifiably helped.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line">
              {known.data.patterns.map((pattern) => (
                <PatternRow key={pattern.fingerprint} pattern={pattern} />
              ))}
            </ul>
          )}
        </Panel>
        <p className="text-sm text-pretty text-text-3">
          Only verified outcomes are counted, older ones weigh less (half after 30 days). Something learned is
          applied by itself when at least 70 % is sure (Wilson’s lower bound, z = 1.28) and that is more than
          how often the trouble is over by itself. What destroys always waits for an approval.
        </p>
      </div>
    </div>
  );
}
