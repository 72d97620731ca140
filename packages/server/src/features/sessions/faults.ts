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

/** Another device said how an execution stands that this one carries out. */
export const heldByOther = (holder: string): Fault =>
  fault(
    'conflict',
    'held_by_other',
    `${holder} carries out this session’s commands: only it says how its execution stands.`,
    { details: { holder } },
  );

/** Why nothing of a batch was written. */
export const notWritten = (sessionId: string, { heldBy }: { heldBy?: string }): Fault =>
  heldBy === undefined ? sessionNotFound(sessionId) : heldByOther(heldBy);
