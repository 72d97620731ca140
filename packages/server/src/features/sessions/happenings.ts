import type { SessionEvent } from '@vigiles/contract';
import { NewCheckpoint } from '@vigiles/contract';
import { toJson } from '../../platform/store/index.ts';
import type { CommandDelivery } from './commands/delivery.ts';
import type { Decisions } from './decisions/decisions.ts';
import type { SessionTx } from './kit.ts';
import type { SessionRow } from './tables.ts';

/** What follows from an agent's own events that say more than a line of the log. Inside their transaction. */
export function createHappenings(delivery: CommandDelivery, decisions: Decisions) {
  async function checkpoint(tx: SessionTx, event: SessionEvent): Promise<void> {
    const parsed = NewCheckpoint.safeParse(event.data);
    // The seed's checkpoints have an id, a label and a skill; without an id there is nothing to go back to.
    if (!parsed.success || parsed.data.checkpoint_id === undefined) return;
    const { checkpoint_id } = parsed.data;
    const data = toJson({
      ...parsed.data,
      session_id: event.session_id,
      seq: event.seq,
      created_at: event.ts,
    });
    await tx.db
      .insertInto('session_checkpoint')
      .values({ session_id: event.session_id, checkpoint_id, seq: event.seq, created_at: event.ts, data })
      .onConflict((conflict) =>
        conflict
          .columns(['session_id', 'checkpoint_id'])
          .doUpdateSet({ seq: event.seq, created_at: event.ts, data }),
      )
      .execute();
  }

  return async (tx: SessionTx, session: SessionRow, event: SessionEvent): Promise<void> => {
    const { session_id: sessionId, type, data, actor } = event;
    const about = { session_id: sessionId, tenant: session.tenant, title: session.title };
    const evidence = { event_id: event.event_id, seq: event.seq, type };
    if (type === 'checkpoint:created') return checkpoint(tx, event);
    if (type === 'execution:halted') {
      await delivery.shown(tx, sessionId, 'HALT', evidence);
      const { reason } = data;
      tx.tell('session.halted', actor, sessionId, {
        ...about,
        reason: typeof reason === 'string' ? reason.slice(0, 500) : '',
        by: actor,
      });
    }
    if (type === 'execution:resumed') {
      await delivery.shown(tx, sessionId, 'RESUME', evidence);
      tx.tell('session.resumed', actor, sessionId, { ...about, by: actor });
    }
    if (type === 'execution:completed' || type === 'execution:failed') {
      await delivery.ended(tx, sessionId);
      await decisions.cancelIn(tx, session, null, 'The session has ended');
      const why = data['reason'] ?? data['error'];
      tx.tell('session.ended', actor, sessionId, {
        ...about,
        status: type === 'execution:completed' ? 'completed' : 'failed',
        reason: typeof why === 'string' ? why.slice(0, 500) : '',
      });
    }
    return undefined;
  };
}
