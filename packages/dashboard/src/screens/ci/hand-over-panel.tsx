import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { CiRun } from '@vigiles/contract';
import { Bot } from 'lucide-react';
import { configQuery } from '../../data/config.ts';
import { decisionsQuery } from '../../data/session-queries.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { DecisionCard } from '../sessions/decisions/decision-card.tsx';

/** “Fix it” by an agent: the question that waits for a person, the session that mends it, or why there is neither. */
export function HandOverPanel({ run }: { run: CiRun }) {
  const decisions = useQuery(decisionsQuery).data ?? [];
  const handOver = useQuery(configQuery).data?.config.github.hand_over;
  const asked = decisions.find(({ session_id }) => session_id === `ci-${run.id}-${run.attempt}`);
  const given = run.action?.kind === 'agent';
  if (!given && !asked && run.state !== 'failed') return null;
  return (
    <Panel title="Hand it to an agent">
      {given ? (
        <div className="flex flex-col items-start gap-3">
          <p className="text-pretty">{run.action?.reason}</p>
          <Link
            to="/sessions/$id"
            params={{ id: `fix-${run.id}-${run.attempt}` }}
            className={buttonClass('secondary', 'md')}
          >
            <Bot aria-hidden size={14} /> Its session
          </Link>
        </div>
      ) : asked ? (
        <DecisionCard decision={asked} />
      ) : handOver?.enabled ? (
        <p className="text-sm text-pretty text-text-3">
          It was not offered: only failures that nothing else mends are, of the kinds{' '}
          {handOver.kinds.join(', ')}, each attempt once.
        </p>
      ) : (
        <p className="text-sm text-pretty text-text-3">
          Off. With it a person is asked whether an agent shall fix a failure that nothing else mends.{' '}
          <Link
            to="/settings"
            search={{ part: 'github', q: 'hand_over' }}
            className="underline underline-offset-2 hover:text-text"
          >
            Set it up
          </Link>
        </p>
      )}
    </Panel>
  );
}
