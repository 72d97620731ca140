import { fault, raise } from '../../kernel/fault.ts';
import type { SessionBook } from './session-book.ts';
import { NotBegun, type Deeds } from './deeds.ts';
import { sessionNotFound } from './faults.ts';

/** Deletes a session through the action runner. Raises `session_not_found`; `not_deleted` where the runner does not begin it. */
export function createRemoval(
  book: Pick<SessionBook, 'get' | 'remove'>,
  deeds: Pick<Deeds, 'through'>,
): (sessionId: string, actor: string, reason?: string) => Promise<void> {
  return async (sessionId, actor, reason = 'its deletion was asked for') => {
    if (!(await book.get(sessionId))) raise(sessionNotFound(sessionId));
    const deed = { action: 'delete_session', sessionId, params: {}, actor, reason } as const;
    await deeds
      .through(deed, () => book.remove(sessionId, actor))
      .catch(async (thrown: unknown) => {
        if (!(thrown instanceof NotBegun)) throw thrown;
        // Somebody else was faster.
        if (!(await book.get(sessionId))) raise(sessionNotFound(sessionId));
        raise(fault('unavailable', 'not_deleted', `The session was not deleted: ${thrown.message}`));
      });
  };
}
