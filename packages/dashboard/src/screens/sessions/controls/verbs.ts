import type { Session } from '@vigiles/contract';

export type Verb = 'HALT' | 'RESUME' | 'REDIRECT' | 'INJECT' | 'ROLLBACK';

const capability = {
  HALT: 'halt',
  RESUME: 'resume',
  REDIRECT: 'steer',
  INJECT: 'inject',
  ROLLBACK: 'rollback',
} as const;

const plain: Record<Verb, string> = {
  HALT: 'halted',
  RESUME: 'resumed',
  REDIRECT: 'given another direction',
  INJECT: 'given something more to do',
  ROLLBACK: 'taken back',
};

const cannot = (session: Session, verb: Verb): string | null => {
  const { phase, status, agent } = session;
  const over = status === 'completed' || status === 'failed';
  // An orchestrator's run is over with its plan; an agent waits for what it is told next.
  const talks = agent !== null && agent.kind !== 'http';
  switch (verb) {
    case 'HALT':
      if (phase === 'halted') return 'It is halted already.';
      if (phase === 'halting') return 'It is being halted.';
      return over || status === 'created' ? 'Nothing is running.' : null;
    case 'RESUME':
      if (phase === 'resuming') return 'It is being resumed.';
      return status === 'halted' || (talks && phase === 'disconnected')
        ? null
        : 'Only a halted session can be resumed.';
    case 'REDIRECT':
    case 'INJECT':
      return over && !talks ? 'The session has ended.' : null;
    case 'ROLLBACK':
      return phase === 'rolling_back' ? 'It is being rolled back.' : null;
  }
};

/**
 * Why a verb cannot be used now, for people; null: it can. Without an agent a command waits for one, and says so.
 */
export function reasonAgainst(session: Session, verb: Verb): string | null {
  const { agent } = session;
  if (agent) {
    const key = capability[verb];
    const can = agent.capabilities[key];
    if (can === false || can === null)
      return agent.capabilities.reasons[key] ?? `This agent cannot be ${plain[verb]}.`;
  }
  return cannot(session, verb);
}

const how = {
  gate: 'The next tool call waits until it is resumed.',
  turn: 'The running turn is ended, with everything it started.',
  cooperative: 'The agent is told, and says when it stands still.',
  kill: 'Its process is ended.',
} as const;

/** What a HALT will do with this agent. */
export const haltHint = ({ agent }: Session): string =>
  agent?.capabilities.halt ? how[agent.capabilities.halt] : 'It waits until an orchestrator takes it.';
