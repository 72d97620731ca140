import type { AgentTrouble, SessionPhase } from '@vigiles/contract';

/** A session as an action sees it, read at this moment. */
export interface SessionView {
  id: string;
  title: string;
  phase: SessionPhase;
  /** Why it is in this phase, for people. */
  reason: string;
  /** Its agent is held by this control, so that it can be halted, started again and ended here. */
  held: boolean;
  /** A HALT takes hold only where the agent passes by: before its next tool call, or at the end of its turn. */
  gated: boolean;
  /** Name of the agent; empty where none is known. */
  agent: string;
  /** What is wrong with its agent; null: nothing, or a person wanted it so. */
  trouble: AgentTrouble | null;
  /** UTC ms of the last thing that the agent or its model said; null: nothing since it was held. */
  spokeAt: number | null;
}

/** What came of a command that was given to a session. */
export interface SessionOutcome {
  state: 'applied' | 'failed';
  /** Why it failed, in short and for people. */
  code: string;
  message: string;
  evidence: Readonly<Record<string, unknown>>;
}

/** Hands on agent sessions, provided by their feature. */
export interface SessionTargets {
  /** null: there is no such session. */
  look(sessionId: string): Promise<SessionView | null>;
  /** Whether the process of its agent runs under this control. */
  alive(sessionId: string): boolean;
  /**
   * Carries out a command: the accepted one of that id which waits here, else a new one that everyone sees in the session's
   * log under the name of `actor`. Resolves when it is settled.
   */
  command(order: {
    sessionId: string;
    type: 'HALT' | 'RESUME' | 'ROLLBACK';
    commandId: string;
    args: Record<string, unknown>;
    actor: string;
    signal: AbortSignal;
  }): Promise<SessionOutcome>;
  /** What a rollback would change, in sentences. Raises what is wrong with it. */
  previewRollback(sessionId: string, args: Readonly<Record<string, unknown>>): Promise<string[]>;
  /** Deletes it with its log, its agent and its checkpoints. */
  remove(sessionId: string, actor: string): Promise<void>;
  /** Ends the process of its agent with everything it started. */
  stopAgent(sessionId: string): Promise<void>;
}

const nothing: SessionOutcome = {
  state: 'failed',
  code: 'no_sessions',
  message: 'there are no sessions here',
  evidence: {},
};

/** No sessions, until their feature hands over what it has. */
export const noSessions: SessionTargets = {
  look: () => Promise.resolve(null),
  alive: () => false,
  command: () => Promise.resolve(nothing),
  previewRollback: () => Promise.resolve([]),
  remove: () => Promise.resolve(),
  stopAgent: () => Promise.resolve(),
};
