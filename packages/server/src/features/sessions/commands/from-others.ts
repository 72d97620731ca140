import type { Kysely } from 'kysely';
import type { Log } from '../../../kernel/log.ts';
import { createWaker, type Waker } from '../../../kernel/waker.ts';
import type { HeldAgents } from '../held-agents.ts';
import type { SessionTables } from '../tables.ts';

/** Commands that another control on the same database took for agents that run here: looked for when it says so. */
export function createFromOthers(
  db: Kysely<SessionTables>,
  held: Pick<HeldAgents, 'pump' | 'held'>,
  log: Log,
): Waker {
  return createWaker({
    async work() {
      if (held.held().length === 0) return null;
      const rows = await db
        .selectFrom('session_command')
        .select('session_id')
        .distinct()
        .where('state', '=', 'queued')
        .execute();
      for (const { session_id: sessionId } of rows) held.pump(sessionId);
      return null;
    },
    onFailure: (thrown) => log.warn({ err: thrown }, 'Commands could not be looked for; later again'),
  });
}
