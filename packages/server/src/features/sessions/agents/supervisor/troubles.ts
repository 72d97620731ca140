import type { AgentKind, AgentTrouble } from '@vigiles/contract';

/** What is told of an agent in trouble, and when it is over. */
export interface TroubleTeller {
  failed(trouble: {
    sessionId: string;
    what: AgentTrouble;
    message: string;
    kind: AgentKind;
    lastWords: string;
  }): void;
  recovered(trouble: { sessionId: string; what: AgentTrouble; message: string }): void;
}

/** What is wrong with the agents here, one thing each: told once when it begins and once when it is over. */
export function createTroubles(teller: TroubleTeller) {
  const now = new Map<string, AgentTrouble>();
  const over = (sessionId: string, message: string): void => {
    const what = now.get(sessionId);
    if (what === undefined) return;
    now.delete(sessionId);
    teller.recovered({ sessionId, what, message });
  };
  return {
    of: (sessionId: string): AgentTrouble | null => now.get(sessionId) ?? null,
    begin(sessionId: string, what: AgentTrouble, kind: AgentKind, message: string, lastWords = ''): void {
      const before = now.get(sessionId);
      // A process that is gone stalls no more.
      if (before === what || before === 'agent_crashed') return;
      if (before !== undefined) over(sessionId, 'It is something else now.');
      now.set(sessionId, what);
      teller.failed({ sessionId, what, message, kind, lastWords });
    },
    over,
  };
}
export type Troubles = ReturnType<typeof createTroubles>;
