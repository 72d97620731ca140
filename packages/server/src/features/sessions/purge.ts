import { setImmediate as breathe } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Log } from '../../kernel/log.ts';
import { createWaker } from '../../kernel/waker.ts';
import type { Store } from '../../platform/store/index.ts';
import type { SessionTables } from './tables.ts';

/** Deletes the logs of sessions that are gone, a little at a time: nobody waits long for the write lock. */
export interface Purge {
  /** Goes on in the background with what is left. */
  start(): void;
  /** Resolves when nothing is left of this one: its id may be used again. */
  finish(sessionId: string): Promise<void>;
  stop(): Promise<void>;
}

const batchSize = 500;

export function createPurge(store: Store, db: Kysely<SessionTables>, log: Log): Purge {
  const stopping = new AbortController();

  const deleteSome = (sessionId: string): Promise<number> =>
    store.transaction<SessionTables, number>(async (trx) => {
      const due = await trx
        .selectFrom('session_purge')
        .select('session_id')
        .where('session_id', '=', sessionId)
        .forUpdate()
        .executeTakeFirst();
      // Cleared meanwhile: what is there now is a new session of that name.
      if (!due) return 0;
      const done = await trx
        .deleteFrom('session_event')
        .where('session_id', '=', sessionId)
        .where('seq', 'in', (from) =>
          from
            .selectFrom('session_event')
            .select('seq')
            .where('session_id', '=', sessionId)
            .orderBy('seq')
            .limit(batchSize),
        )
        .executeTakeFirst();
      const count = Number(done.numDeletedRows);
      if (count < batchSize)
        await trx.deleteFrom('session_purge').where('session_id', '=', sessionId).execute();
      return count;
    });

  const finish = async (sessionId: string): Promise<void> => {
    const left = () =>
      db
        .selectFrom('session_purge')
        .select('session_id')
        .where('session_id', '=', sessionId)
        .executeTakeFirst();
    while (await left()) {
      await deleteSome(sessionId);
      await breathe();
    }
  };

  const clear = async (): Promise<void> => {
    for (;;) {
      const next = await db.selectFrom('session_purge').select('session_id').limit(1).executeTakeFirst();
      if (!next || stopping.signal.aborted) return;
      while (!stopping.signal.aborted && (await deleteSome(next.session_id)) === batchSize) await breathe();
    }
  };

  const waker = createWaker({
    async work() {
      await clear();
      return null;
    },
    onFailure: (thrown) =>
      log.warn({ err: thrown }, 'A deleted session could not be cleared away; later again'),
  });

  return {
    start: waker.wake,
    finish,
    async stop() {
      stopping.abort();
      await waker.stop();
    },
  };
}
