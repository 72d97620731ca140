import type { Clock } from '../../../../kernel/clock.ts';
import type { Log } from '../../../../kernel/log.ts';
import type { Sessions } from '../../index.ts';
import type { AgentAdapter, AgentCommand, AgentOutcome } from '../agent-adapter.ts';
import type { Checkpointing, Place } from './checkpointing.ts';
import type { RunBook, RunRecord } from './run-record.ts';

export interface AgentRunDeps {
  sessions: Sessions;
  adapter: AgentAdapter;
  book: RunBook;
  checkpointing: Checkpointing;
  keeps(): boolean;
  clock: Clock;
  log: Log;
  /** A token for its model traffic; null: there is no gateway. */
  admit(sessionId: string): Promise<{ origin: string; token: string; deviceId: string } | null>;
  dismiss(deviceId: string): Promise<void>;
  /** Its process is gone in the middle of its work, and nobody asked for it. */
  crashed(sessionId: string, why: string, lastWords: string): void;
  /** It, or its model, said something. */
  spoke(sessionId: string): void;
}

/** One session's agent: the process while it lives, and what is needed to start it again when it does not. */
export interface AgentRun {
  record: RunRecord;
  /** Whether its process runs. */
  alive(): boolean;
  /** It runs, or is being started. */
  occupied(): boolean;
  /** UTC ms of its last sign of life; null: it is not in a turn, or waits for a person. */
  busySince(): number | null;
  /** A tool of its turn is under way: it waits for that and not for its model. */
  usesTool(): boolean;
  /** UTC ms of the last thing that it or its model said since it was started; null: nothing. */
  spokeAt(): number | null;
  /** How many processes it started and left running. */
  children(): number;
  /** UTC ms since which its process waits for nothing and does nothing; null: it works, asks, or cannot be started again. */
  idleSince(): number | null;
  /** Ends its process for a while: the next command starts it again where it is. */
  rest(why: string): Promise<void>;
  start(prompt: string | null): Promise<void>;
  /** Takes up a process of an earlier control. @returns false where it is gone */
  rejoin(): Promise<boolean>;
  deliver(command: AgentCommand): Promise<AgentOutcome>;
  answer(decisionId: string, choice: string | null): boolean;
  place(): Place;
  /** A turn of its passed the gateway. */
  turned(): void;
  stop(): Promise<void>;
  /** Its session is gone: its process ends, and nothing of it is noted any more. */
  discard(): Promise<void>;
  /** Control goes; the agent lives on, and what came of commands that are under way is left to whoever comes next. */
  letGo(): Promise<void>;
}
