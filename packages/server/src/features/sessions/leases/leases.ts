import type { CommandType, Lease } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { toJson } from '../../../platform/store/index.ts';
import { cleanData } from '../core/clean-data.ts';
import type { CommandDelivery } from '../commands/delivery.ts';
import { restingPhase } from '../commands/move-command.ts';
import { staleEpoch } from '../faults.ts';
import type { SessionsKit, SessionTx } from '../kit.ts';
import { leaseOf } from '../row.ts';
import type { LeaseRow, SessionRow } from '../tables.ts';

export interface LeaseWish {
  /** A name for the process that wants it. */
  holder: string;
  deviceId: string;
  idempotent: readonly CommandType[];
  steal: boolean;
}

/** A renewal that comes sooner than this part of the time to live changes nothing worth writing. */
const renewAfter = 0.25;

/**
 * Who carries out a session's commands. Each taking over gets a higher epoch; what was delivered under an older one
 * is settled then.
 */
export function createLeases(kit: SessionsKit, delivery: CommandDelivery) {
  const { db, clock, config, transact, clean } = kit;
  const ttlMs = () => config().sessions.lease_ttl_s * 1000;

  const read = (sessionId: string): Promise<LeaseRow | undefined> =>
    db.selectFrom('session_lease').selectAll().where('session_id', '=', sessionId).executeTakeFirst();

  async function connection(
    tx: SessionTx,
    session: SessionRow,
    attached: boolean,
    why: string,
    by: { holder: string; lost?: boolean },
  ): Promise<void> {
    const ended = session.status === 'completed' || session.status === 'failed';
    const now = session.phase === 'disconnected';
    if (ended || now !== attached) return;
    const phase = attached ? restingPhase(session) : 'disconnected';
    await tx.say(
      session.session_id,
      'session:phase',
      { phase, reason: attached ? '' : why },
      { actor: 'system' },
    );
    tx.tell('session.connection_changed', 'system', session.session_id, {
      session_id: session.session_id,
      tenant: session.tenant,
      title: session.title,
      phase,
      reason: why,
      holder: by.holder,
      lost: by.lost ?? false,
    });
  }

  return {
    /** Raises `session_not_found`, and `lease_held` while another holder is alive. Its own holder renews it. */
    take(sessionId: string, { deviceId, idempotent, steal, ...wish }: LeaseWish): Promise<Lease> {
      const { holder } = cleanData(clean, { holder: wish.holder });
      return transact(async (tx) => {
        await tx.session(sessionId);
        const now = clock.now();
        const before = await tx.db
          .selectFrom('session_lease')
          .selectAll()
          .where('session_id', '=', sessionId)
          .executeTakeFirst();
        const alive = before !== undefined && before.expires_at > now;
        if (alive && !steal && (before.holder !== holder || before.device_id !== deviceId))
          raise(
            fault(
              'conflict',
              'lease_held',
              `${before.holder} holds this session until ${new Date(before.expires_at).toISOString()}.`,
              {
                details: { holder: before.holder, expires_at: before.expires_at, epoch: before.epoch },
                retryAfterMs: before.expires_at - now,
              },
            ),
          );
        // Also for the same holder: a process that asks anew may have crashed in between.
        if (before) await delivery.lost(tx, sessionId, now);
        const row: LeaseRow = {
          session_id: sessionId,
          holder,
          device_id: deviceId,
          epoch: (before?.epoch ?? 0) + 1,
          acquired_at: now,
          expires_at: now + ttlMs(),
          idempotent: toJson(idempotent),
        };
        const { session_id: _, ...changed } = row;
        await tx.db
          .insertInto('session_lease')
          .values(row)
          .onConflict((conflict) => conflict.column('session_id').doUpdateSet(changed))
          .execute();
        await tx.say(
          sessionId,
          'session:attached',
          { holder, epoch: row.epoch },
          { actor: `device:${deviceId}` },
        );
        await connection(tx, await tx.session(sessionId), true, `${holder} is attached`, { holder });
        return leaseOf(row);
      });
    },

    /** A sign of life. Raises `stale_epoch`. */
    async renew(sessionId: string, epoch: number): Promise<Lease> {
      const row = await read(sessionId);
      const now = clock.now();
      if (row?.epoch !== epoch || row.expires_at === 0)
        raise(staleEpoch(epoch, row?.expires_at ? row.epoch : null));
      if (row.expires_at - now > ttlMs() * (1 - renewAfter)) return leaseOf(row);
      return transact(async (tx) => {
        const session = await tx.session(sessionId);
        const held = await tx.db
          .selectFrom('session_lease')
          .selectAll()
          .where('session_id', '=', sessionId)
          .executeTakeFirstOrThrow();
        if (held.epoch !== epoch || held.expires_at === 0) raise(staleEpoch(epoch, held.epoch));
        const expires_at = now + ttlMs();
        await tx.db
          .updateTable('session_lease')
          .set({ expires_at })
          .where('session_id', '=', sessionId)
          .execute();
        await connection(tx, session, true, `${held.holder} is attached`, held);
        return leaseOf({ ...held, expires_at });
      });
    },

    /** Its holder is done with it. Raises `stale_epoch`. */
    release(sessionId: string, epoch: number, why = 'It was given back'): Promise<void> {
      return transact(async (tx) => {
        const session = await tx.session(sessionId);
        const held = await tx.db
          .selectFrom('session_lease')
          .selectAll()
          .where('session_id', '=', sessionId)
          .executeTakeFirst();
        if (held?.epoch !== epoch) raise(staleEpoch(epoch, held?.epoch ?? null));
        await this.endIn(tx, session, held, why);
      });
    },

    /** It is over, whoever says so: what was under way is settled. */
    async endIn(
      tx: SessionTx,
      session: SessionRow,
      held: LeaseRow,
      why: string,
      lost = false,
    ): Promise<void> {
      if (held.expires_at === 0) return;
      const now = clock.now();
      await tx.db
        .updateTable('session_lease')
        .set({ expires_at: 0 })
        .where('session_id', '=', held.session_id)
        .execute();
      await delivery.lost(tx, held.session_id, now);
      await tx.say(
        held.session_id,
        'session:detached',
        { holder: held.holder, epoch: held.epoch, reason: why },
        { actor: 'system' },
      );
      const { holder } = held;
      await connection(tx, await tx.session(session.session_id), false, why, { holder, lost });
    },

    /** Nobody renewed it in time. */
    expire(sessionId: string): Promise<void> {
      return transact(async (tx) => {
        const session = await tx.session(sessionId);
        const held = await tx.db
          .selectFrom('session_lease')
          .selectAll()
          .where('session_id', '=', sessionId)
          .executeTakeFirst();
        if (!held || held.expires_at > clock.now()) return;
        const why = `${held.holder} gave no sign of life for ${ttlMs() / 1000} s`;
        await this.endIn(tx, session, held, why, true);
      });
    },

    /** Null where nobody holds it. */
    async current(sessionId: string): Promise<Lease | null> {
      const row = await read(sessionId);
      return row && row.expires_at > clock.now() ? leaseOf(row) : null;
    },
  };
}

export type Leases = ReturnType<typeof createLeases>;
