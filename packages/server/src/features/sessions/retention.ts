import { setImmediate as breathe } from 'node:timers/promises';
import type { SessionsKit } from './kit.ts';
import type { SessionTables } from './tables.ts';

const dayMs = 86_400_000;
const batchSize = 1_000;
/** Sessions looked at in one round. */
const sessionsAtOnce = 500;

/** Forgets sessions nobody has touched for long, and the oldest events of those that are too long. */
export function createRetention(kit: SessionsKit, remove: (sessionId: string) => Promise<void>) {
  const { db, store, clock, config, log } = kit;

  /** One batch of a log's oldest events up to `lastSeq`. @returns how many are gone */
  const trim = (sessionId: string, lastSeq: number): Promise<number> =>
    store.transaction<SessionTables, number>(async (trx) => {
      const oldest = await trx
        .selectFrom('session_event')
        .select('seq')
        .where('session_id', '=', sessionId)
        .where('seq', '<=', lastSeq)
        .orderBy('seq')
        .limit(batchSize)
        .execute();
      const upTo = oldest.at(-1)?.seq;
      if (upTo === undefined) return 0;
      await trx
        .deleteFrom('session_event')
        .where('session_id', '=', sessionId)
        .where('seq', '<=', upTo)
        .execute();
      await trx
        .updateTable('session')
        .set({ trimmed_seq: upTo })
        .where('session_id', '=', sessionId)
        // Another control may be further.
        .where('trimmed_seq', '<', upTo)
        .execute();
      return oldest.length;
    });

  /** @returns what was forgotten */
  return async (signal?: AbortSignal): Promise<{ sessions: number; events: number }> => {
    const { keep_days, keep_events } = config().sessions;
    const gone = { sessions: 0, events: 0 };
    const old = await db
      .selectFrom('session')
      .select('session_id')
      .where('active_at', '<', clock.now() - keep_days * dayMs)
      .orderBy('active_at')
      .limit(sessionsAtOnce)
      .execute();
    for (const { session_id } of old) {
      if (signal?.aborted) return gone;
      // One that cannot go keeps no other.
      await remove(session_id).then(
        () => (gone.sessions += 1),
        (thrown: unknown) =>
          log.warn({ err: thrown, session: session_id }, 'An old session could not be deleted; later again'),
      );
    }
    const long = await db
      .selectFrom('session')
      .select(['session_id', 'head_seq'])
      .where((where) => where(where('head_seq', '-', where.ref('trimmed_seq')), '>', keep_events))
      .limit(sessionsAtOnce)
      .execute();
    for (const { session_id, head_seq } of long) {
      for (let more = batchSize; more === batchSize;) {
        more = await trim(session_id, head_seq - keep_events);
        gone.events += more;
        await breathe();
        if (signal?.aborted) return gone;
      }
    }
    return gone;
  };
}
