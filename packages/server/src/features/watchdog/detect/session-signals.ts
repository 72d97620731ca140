import type { EventData, VigilesEvent } from '@vigiles/contract';
import type { Signal } from '../core/detect/signal.ts';

/** The subject of a session's faults and actions. */
const sessionTarget = (sessionId: string): string => `session:${sessionId}`;

/**
 * What was told of agents that run under this control, as signals: a trouble is true until it is told to be over.
 * @param control name of this control; what another one holds is left to it
 */
export function sessionSignals(event: VigilesEvent, now: number, control: string): Signal[] {
  if (event.type !== 'agent.failed' && event.type !== 'agent.recovered') return [];
  const { session_id, what, message, control: holder } = event.data as EventData<'agent.recovered'>;
  if (holder !== control) return [];
  const told = event.type === 'agent.failed' ? (event.data as EventData<'agent.failed'>) : null;
  return [
    {
      name: `state.${what}`,
      target: sessionTarget(session_id),
      targetClass: 'session',
      at: now,
      source: 'agent',
      line: message.slice(0, 4096),
      fields: { session: session_id, agent: told?.kind ?? '' },
      evidence: { last_words: told?.last_words ?? '' },
      cleared: told === null,
    },
  ];
}
