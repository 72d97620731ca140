export type {
  Checkpoint,
  CommandResult,
  CommandType,
  Decision,
  DecisionOption,
  DecisionResolution,
  NewCheckpoint,
  NewDecision,
  NewSession,
  Session,
  SessionCommand,
  SessionEvent,
} from '@vigiles/contract';
export { createSessionsClient, type CommandRequest, type SessionsClient } from './client.ts';
export type { CommandHandler } from './command-loop.ts';
export { VigilesError } from './core/vigiles-error.ts';
export type { Connection } from './http.ts';
export { attach, type AttachOptions, type Attachment, type Outcome } from './orchestrator.ts';
export { watch, type Joined, type Watch, type WatchedEvent, type WatchOptions } from './watch.ts';
