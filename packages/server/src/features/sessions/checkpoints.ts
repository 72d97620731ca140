import { NewCheckpoint, type Checkpoint } from '@vigiles/contract';
import { fromJson, toJson } from '../../platform/store/index.ts';
import { cleanData } from './core/clean-data.ts';
import type { SessionsKit } from './kit.ts';

/** The book of checkpoints: what is in them is the adapters' own. */
export function createCheckpoints({ db, clock, newId, transact, clean }: SessionsKit) {
  return {
    /** Notes it and says so in the log. The same id again replaces what was noted. */
    add(sessionId: string, input: NewCheckpoint, actor: string): Promise<Checkpoint> {
      const { checkpoint_id, ...given } = NewCheckpoint.parse(input);
      // What it refers to is its adapter's own, and shown to nobody.
      Object.assign(given, cleanData(clean, { label: given.label, skill_name: given.skill_name }));
      return transact(async (tx) => {
        await tx.session(sessionId);
        const id = checkpoint_id ?? newId('cp');
        const { ref: _, ...told } = given;
        const seq = await tx.say(sessionId, 'checkpoint:created', { checkpoint_id: id, ...told }, { actor });
        const checkpoint: Checkpoint = {
          checkpoint_id: id,
          session_id: sessionId,
          seq,
          created_at: clock.now(),
          ...given,
        };
        const row = {
          session_id: sessionId,
          checkpoint_id: id,
          seq,
          created_at: checkpoint.created_at,
          data: toJson(checkpoint),
        };
        await tx.db
          .insertInto('session_checkpoint')
          .values(row)
          .onConflict((conflict) =>
            conflict
              .columns(['session_id', 'checkpoint_id'])
              .doUpdateSet({ seq, created_at: row.created_at, data: row.data }),
          )
          .execute();
        return checkpoint;
      });
    },

    /** Newest first, at most 500. */
    async list(sessionId: string): Promise<Checkpoint[]> {
      const rows = await db
        .selectFrom('session_checkpoint')
        .select('data')
        .where('session_id', '=', sessionId)
        .orderBy('seq', 'desc')
        .limit(500)
        .execute();
      return rows.map(({ data }) => fromJson<Checkpoint>(data));
    },

    /** Null where there is none of that id. */
    async get(sessionId: string, checkpointId: string): Promise<Checkpoint | null> {
      const row = await db
        .selectFrom('session_checkpoint')
        .select('data')
        .where('session_id', '=', sessionId)
        .where('checkpoint_id', '=', checkpointId)
        .executeTakeFirst();
      return row ? fromJson<Checkpoint>(row.data) : null;
    },

    /** Those of these ids that are in the book, of whatever session. */
    async known(checkpointIds: readonly string[]): Promise<Set<string>> {
      const found = new Set<string>();
      for (let at = 0; at < checkpointIds.length; at += 500) {
        const rows = await db
          .selectFrom('session_checkpoint')
          .select('checkpoint_id')
          .where('checkpoint_id', 'in', checkpointIds.slice(at, at + 500))
          .execute();
        for (const { checkpoint_id } of rows) found.add(checkpoint_id);
      }
      return found;
    },

    /** What cannot be restored any more is struck off. */
    async remove(sessionId: string, checkpointId: string): Promise<void> {
      await db
        .deleteFrom('session_checkpoint')
        .where('session_id', '=', sessionId)
        .where('checkpoint_id', '=', checkpointId)
        .execute();
    },
  };
}
