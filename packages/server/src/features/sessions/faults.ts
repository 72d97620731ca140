import { fault, type Fault } from '../../kernel/fault.ts';

export const sessionNotFound = (sessionId: string): Fault =>
  fault('not-found', 'session_not_found', `Session not found: ${sessionId}`);

export const sessionExists = (sessionId: string): Fault =>
  fault('conflict', 'session_exists', `Session already exists: ${sessionId}`);

export const decisionNotFound = (decisionId: string): Fault =>
  fault('not-found', 'decision_not_found', `Decision not found: ${decisionId}`);

export const commandNotFound = (commandId: string): Fault =>
  fault('not-found', 'command_not_found', `Command not found: ${commandId}`);

/** An orchestrator that was replaced, or never held the session. */
export const staleEpoch = (epoch: number, current: number | null): Fault =>
  fault(
    'conflict',
    'stale_epoch',
    current === null
      ? 'Nobody holds this session: take its lease first.'
      : `This session is held under epoch ${current}, not ${epoch}: somebody else took it over.`,
    { details: { epoch, current } },
  );
