import type { SessionAgent } from '@vigiles/contract';
import { isAlive } from '../../platform/process/index.ts';
import { fromJson } from '../../platform/store/index.ts';
import { reconcile, type Remains } from './core/reconcile.ts';
import type { SessionsKit } from './kit.ts';
import type { Leases } from './leases/leases.ts';
import type { LeaseRow, SessionRow } from './tables.ts';

/** Name of the lease's holder where it is a control: `control:<instance of its store>`. */
export const controlHolder = (instance: string): string => `control:${instance}`;

export interface ReconcilerDeps {
  kit: SessionsKit;
  leases: Leases;
  /** How a session ends for everyone who follows it. */
  fail(sessionId: string, reason: string): Promise<void>;
}

function processOf(row: SessionRow): Remains['process'] {
  const pid = row.agent === null ? null : fromJson<SessionAgent>(row.agent).pid;
  if (pid === null || row.start_time === null) return 'unknown';
  return isAlive({ pid, startTime: row.start_time }) ? 'alive' : 'gone';
}

/** After a start: sessions whose agent is gone end, those whose control is gone are detached, all others stay. */
export async function reconcileSessions({ kit, leases, fail }: ReconcilerDeps): Promise<void> {
  const { db, clock, store, log, transact } = kit;
  const own = controlHolder(store.instance);
  const leaseState = (lease: LeaseRow | undefined): Remains['lease'] => {
    if (!lease || lease.expires_at === 0) return 'none';
    // One home has one control: another one's lease on this file is of one that is gone.
    const ofGone = store.dialect === 'sqlite' && lease.holder.startsWith('control:') && lease.holder !== own;
    return ofGone || lease.expires_at <= clock.now() ? 'lost' : 'held';
  };
  const rows = await db
    .selectFrom('session')
    .selectAll()
    .where('status', 'not in', ['completed', 'failed'])
    .execute();
  for (const row of rows) {
    const sessionId = row.session_id;
    const lease = await db
      .selectFrom('session_lease')
      .selectAll()
      .where('session_id', '=', sessionId)
      .executeTakeFirst();
    const remains = { status: row.status, process: processOf(row), lease: leaseState(lease) };
    const found = reconcile(remains);
    if (found.kind === 'leave') continue;
    log.info(
      { session: sessionId, ...remains, found: found.kind },
      'A session was looked at after the start',
    );
    if (found.kind === 'end') await fail(sessionId, found.reason);
    if (lease && remains.lease === 'lost')
      await transact(async (tx) => leases.endIn(tx, await tx.session(sessionId), lease, found.reason));
  }
}
