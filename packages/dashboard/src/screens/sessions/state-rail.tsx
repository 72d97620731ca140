import { Eye } from 'lucide-react';
import type { OpenedSession } from '../../data/session-queries.ts';
import { useNames } from '../../data/use-names.ts';
import { formatMicros } from '../../format/money.ts';
import { formatCount } from '../../format/number.ts';
import { actorName } from '../../live/actor-names.ts';
import { Facts } from '../../ui/facts.tsx';
import { StateBadge } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { agentKinds, agentName, phaseFace } from './session-face.ts';
import { SessionIncidents } from './session-incidents.tsx';

/** Control's own name means nothing to people. */
const holderName = (holder: string): string => (holder.startsWith('control:') ? 'Vigiles' : holder);

const flows = ['running', 'waiting', 'halted', 'completed'] as const;

/** How far along it is: the phase it is in, and the ones it usually goes through. */
export function StateRail({ session }: { session: OpenedSession }) {
  useNames();
  const { phase, phase_reason, progress, agent, tokens } = session;
  const off = !flows.includes(phase as (typeof flows)[number]);
  return (
    <div className="flex flex-col gap-4 p-4">
      <div className="flex flex-col gap-1.5">
        <div className="flex flex-wrap items-center gap-2">
          <StateBadge face={phaseFace[phase]} />
          {session.current_skill && (
            <span className="min-w-0 truncate font-mono text-xs text-text-2">{session.current_skill}</span>
          )}
        </div>
        {phase_reason && <p className="text-sm text-pretty break-words text-text-2">{phase_reason}</p>}
        <ol aria-label="State" className="mt-1 flex items-center gap-1.5 text-xs text-text-3">
          {flows.map((each, at) => (
            <li key={each} className="flex items-center gap-1.5">
              {at > 0 && <span aria-hidden className="h-px w-3 bg-line-strong" />}
              <span
                aria-current={each === phase ? 'step' : undefined}
                className={each === phase ? 'font-medium text-text' : ''}
              >
                {each}
              </span>
            </li>
          ))}
        </ol>
        {off && <span className="sr-only">now {phaseFace[phase].label}</span>}
      </div>
      {progress > 0 && (
        <div
          role="meter"
          aria-label="Progress"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(progress)}
          className="h-1.5 overflow-hidden rounded-full bg-idle-soft"
        >
          <div className="h-full rounded-full bg-series" style={{ width: `${Math.min(100, progress)}%` }} />
        </div>
      )}
      <SessionIncidents sessionId={session.session_id} />
      <Facts
        rows={[
          ['Agent', session.agent === null && session.lease ? session.lease.holder : agentName(session)],
          ...(agent && agentKinds[agent.kind] !== agent.name
            ? ([['Held by', agentKinds[agent.kind] ?? agent.kind]] as [string, string][])
            : []),
          ['Model', agent?.model ?? 'not said'],
          ...(agent?.pid ? ([['Process', agent.pid]] as [string, number][]) : []),
          ['Cost', session.cost_microusd > 0 ? formatMicros(session.cost_microusd) : 'none told'],
          [
            'Tokens',
            tokens.input + tokens.output === 0
              ? 'none told'
              : `${formatCount(tokens.input)} in${tokens.cached > 0 ? ` (${formatCount(tokens.cached)} cached)` : ''}, ${formatCount(tokens.output)} out`,
          ],
          ...(session.lease && agent
            ? ([['Steered by', holderName(session.lease.holder)]] as [string, string][])
            : []),
          ['Last event', <Ago key="l" ts={session.last_event_at} />],
          ['Began', <Ago key="b" ts={Date.parse(session.created_at)} />],
          ['Owner', actorName(`device:${session.owner_device_id}`)],
          [
            'Id',
            <code key="i" className="font-mono text-xs break-all">
              {session.session_id}
            </code>,
          ],
        ]}
      />
      <p className="flex items-center gap-1.5 text-sm text-text-3">
        <Eye aria-hidden size={13} />
        <span className="min-w-0 break-words">
          {session.watching.length === 0
            ? 'Nobody watches'
            : `Watched by ${[...new Set(session.watching)].join(', ')}`}
        </span>
      </p>
    </div>
  );
}
