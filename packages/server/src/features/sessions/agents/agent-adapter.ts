import type { AgentCapabilities, AgentKind, DecisionOption } from '@vigiles/contract';
import type { ProcessIdentity } from '../../../platform/process/index.ts';

/** Where the agent's model traffic goes: our gateway, with a token of its own. */
export interface AgentGateway {
  /** Without `/v1`. */
  origin: string;
  token: string;
}

/** How an agent is started. */
export interface AgentStart {
  sessionId: string;
  /** Absolute folder it works in. */
  folder: string;
  /** What it is asked first; null: it waits. */
  prompt: string | null;
  /** Null: the one its own settings name. */
  model: string | null;
  /** `ask`: it asks before it does what its sandbox forbids; `full`: it never asks. */
  approvals: 'ask' | 'full';
  /** The conversation to go on with, as an earlier handle named it; null: a new one. */
  conversation: string | null;
  /** What an earlier handle of this conversation wrote down for itself. */
  memo: Readonly<Record<string, unknown>>;
  gateway: AgentGateway | null;
  /** Program and arguments of an ACP agent; empty: the adapter knows its own. */
  command: readonly string[];
  /** The whole environment of the child, without the gateway's token. */
  env: Readonly<Record<string, string>>;
}

/** A command as it reaches an agent. */
export interface AgentCommand {
  commandId: string;
  type: 'HALT' | 'RESUME' | 'ROLLBACK' | 'REDIRECT' | 'INJECT';
  args: Readonly<Record<string, unknown>>;
}

/** What became of a command. `applied` only with evidence that could be seen from outside. */
export type AgentOutcome =
  | { state: 'applied'; evidence: Record<string, unknown> }
  | { state: 'failed'; code: string; message: string; evidence: Record<string, unknown> };

/** A question of the agent. `permission` never answers itself: without an answer it is refused. */
export interface AgentQuestion {
  decisionId: string;
  kind: 'permission' | 'question';
  question: string;
  /** Empty: any text is an answer. */
  options: readonly DecisionOption[];
  /** What it is about: command, folder, files. */
  context: Record<string, unknown>;
}

/** Token counts, as totals of the session so far. */
export interface AgentUsage {
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  contextWindow: number | null;
  /** As the agent reckons it; null where it does not. */
  costMicrousd: number | null;
}

export type AgentPhase =
  | 'idle'
  | 'running'
  | 'halting'
  | 'halted'
  | 'resuming'
  | 'waiting'
  | 'rolling_back'
  | 'completed'
  | 'failed'
  | 'disconnected';

/** Where an adapter puts what it sees. Never throws; order is kept. */
export interface AgentSink {
  /** Resolves when a turn may begin: what the agent will change is kept. Never rejects. */
  beforeTurn(): Promise<void>;
  /** A durable event with a name of the session contract (`skill:started`, `file:modified`, …). */
  event(type: string, data: Record<string, unknown>): void;
  /** Said to those who watch now, and not kept. */
  volatile(type: string, data: Record<string, unknown>): void;
  decision(question: AgentQuestion): void;
  /** The agent does not wait for this answer any more. */
  withdraw(decisionId: string, why: string): void;
  usage(total: AgentUsage): void;
  phase(phase: AgentPhase, why: string): void;
}

/** How an agent's process ended. */
export interface AgentExit {
  code: number | null;
  signal: string | null;
  /** Nobody asked for it. */
  unexpected: boolean;
  /** Its last words on standard error, secrets taken out, at most 2,000 characters. */
  lastWords: string;
}

/** A running agent. */
export interface AgentHandle {
  kind: AgentKind;
  name: string;
  model: string | null;
  /** Its own name for the conversation, to resume it after its process is gone. */
  conversation(): string | null;
  /** What a later handle needs to go on with it, besides the conversation's name. */
  memo(): Record<string, unknown>;
  /** The place in the conversation that a checkpoint taken now belongs to; null: its beginning. */
  position(): string | null;
  capabilities(): AgentCapabilities;
  /** Null once it is gone. */
  identity: ProcessIdentity | null;
  /** A later process can go on with its conversation. */
  resumable(): boolean;
  /** How many processes that it started run now, also in the background of no turn. */
  children(): number;
  /** Resolves when the outcome is known. A repeated HALT gets the outcome of the running one. */
  deliver(command: AgentCommand): Promise<AgentOutcome>;
  /**
   * @param choice an option's id, or free text; null: refused, because nobody said yes
   * @returns false when the agent does not wait for it any more
   */
  answer(decisionId: string, choice: string | null): boolean;
  /** Ends it with everything it started. */
  stop(): Promise<void>;
  /** Stops listening without ending it: control goes, and the agent lives on. */
  letGo(): void;
  exited: Promise<AgentExit>;
}

/** A place in a conversation, as a handle named it. */
export interface AgentPlace {
  conversation: string | null;
  /** Null: its beginning. */
  position: string | null;
}

/** One way of holding agents. */
export interface AgentAdapter {
  kind: AgentKind;
  /** Whether a conversation can be gone back to there. */
  goesBackTo(place: AgentPlace): boolean;
  /**
   * What a new process is started with so that it goes on from there, for agents that cannot go back while they run;
   * null: this one's handle does it itself.
   */
  startAt: ((place: AgentPlace) => Pick<AgentStart, 'conversation' | 'memo'>) | null;
  /** When its token counts begin at nothing again: with a new process, or as soon as another control holds it. */
  countsAnew: readonly ('start' | 'rejoin')[];
  available(
    start: Pick<AgentStart, 'command' | 'env'>,
  ): Promise<{ ok: true; version: string } | { ok: false; reason: string }>;
  /** @throws FaultError when it cannot be started */
  start(options: AgentStart, sink: AgentSink): Promise<AgentHandle>;
  /** Takes up an agent that an earlier control started, by pid and start time; null: it cannot be reached any more. */
  rejoin(options: AgentStart, identity: ProcessIdentity, sink: AgentSink): Promise<AgentHandle | null>;
}
