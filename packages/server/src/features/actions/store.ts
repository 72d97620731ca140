import type { Kysely, Transaction } from 'kysely';
import type { ActionRun, EventType } from '@vigiles/contract';
import type { EventLog, EventTransaction } from '../../platform/event-log/index.ts';
import { fromJson, toJson, type Store } from '../../platform/store/index.ts';
import type { Audit, AuditEntry } from './audit/audit.ts';
import type { StoredGuard } from './guard-book.ts';
import type { ActionTables } from './tables.ts';

/** A run with what only the runner needs. */
export interface StoredRun {
  run: ActionRun;
  key: string | null;
  fault: string;
}

/** A change that is committed whole: the run, its event, its audit record and the guards it moved. */
export interface RunChange {
  stored: StoredRun;
  event: Extract<EventType, `action.${string}`> | null;
  audit: AuditEntry | null;
  guards?: Readonly<Record<string, StoredGuard>>;
}

/** Fields that runs of earlier versions were stored without. */
const laterFields = {
  approval_until: null,
  approved_by: null,
  cancelled_by: null,
  stable_until: null,
  undoable: false,
};

const unfinished = ['vetoing', 'awaiting_approval', 'running', 'verifying'];

/** The only SQL of the action runner. */
export function createActionStore({
  store,
  events,
  audit,
  owner,
}: {
  store: Store;
  events: EventLog;
  audit: Audit;
  /** The control whose runs are written here. */
  owner: string;
}) {
  const db: Kysely<ActionTables> = store.db<ActionTables>();
  const toStored = (row: ActionTables['action_run']): StoredRun => ({
    run: { ...laterFields, ...fromJson<ActionRun>(row.data) },
    key: row.idempotency_key,
    fault: row.fault,
  });

  async function write(trx: Transaction<ActionTables>, { run, key, fault }: StoredRun): Promise<void> {
    const row = { state: run.state, finished_at: run.finished_at, data: toJson(run) };
    await trx
      .insertInto('action_run')
      .values({
        ...row,
        id: run.id,
        idempotency_key: key,
        action: run.action,
        target: run.target,
        incident_id: run.incident_id,
        fault,
        created_at: run.created_at,
        owner,
      })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  }

  async function commitIn(tx: EventTransaction<ActionTables>, change: RunChange): Promise<void> {
    await write(tx.db, change.stored);
    for (const [target, guard] of Object.entries(change.guards ?? {})) {
      const data = toJson(guard);
      await tx.db
        .insertInto('action_guard')
        .values({ target, data })
        .onConflict((conflict) => conflict.column('target').doUpdateSet({ data }))
        .execute();
    }
    if (change.audit) await audit.recordIn(tx.db, change.audit);
    const { run } = change.stored;
    if (change.event) tx.append(change.event, { actor: run.actor, subject: run.id, data: { run } });
  }

  return {
    commit: (change: RunChange): Promise<void> =>
      events.transaction<ActionTables, void>((tx) => commitIn(tx, change), { durable: true }),
    /** Changes a run as it is at this moment; null: it stays as it is. */
    amend: (id: string, how: (stored: StoredRun) => RunChange | null): Promise<void> =>
      events.transaction<ActionTables, void>(
        async (tx) => {
          const row = await tx.db
            .selectFrom('action_run')
            .selectAll()
            .where('id', '=', id)
            .forUpdate()
            .executeTakeFirst();
          const change = row ? how(toStored(row)) : null;
          if (change) await commitIn(tx, change);
        },
        { durable: true },
      ),
    async saveGuards(guards: Readonly<Record<string, StoredGuard>>): Promise<void> {
      await store.transaction<ActionTables, void>(async (trx) => {
        for (const [target, guard] of Object.entries(guards)) {
          const data = toJson(guard);
          await trx
            .insertInto('action_guard')
            .values({ target, data })
            .onConflict((conflict) => conflict.column('target').doUpdateSet({ data }))
            .execute();
        }
      });
    },
    async dropGuards(targets: readonly string[]): Promise<void> {
      if (targets.length > 0) await db.deleteFrom('action_guard').where('target', 'in', targets).execute();
    },
    /** On disk before anything is changed. */
    async saveSnapshot(runId: string, value: unknown, createdAt: number): Promise<void> {
      await store.transaction<ActionTables, void>(
        async (trx) => {
          const row = { run_id: runId, created_at: createdAt, data: toJson(value) };
          await trx.insertInto('action_snapshot').values(row).execute();
        },
        { durable: true },
      );
    },
    async snapshot(runId: string): Promise<{ value: unknown } | null> {
      const row = await db
        .selectFrom('action_snapshot')
        .selectAll()
        .where('run_id', '=', runId)
        .executeTakeFirst();
      return row ? { value: fromJson<unknown>(row.data) } : null;
    },
    async dropSnapshot(runId: string): Promise<void> {
      await db.deleteFrom('action_snapshot').where('run_id', '=', runId).execute();
    },
    /** @returns runs whose snapshots are older; they cannot be undone any more */
    async oldSnapshots(before: number): Promise<string[]> {
      const rows = await db
        .selectFrom('action_snapshot')
        .select('run_id')
        .where('created_at', '<', before)
        .execute();
      return rows.map(({ run_id }) => run_id);
    },
    async guards(): Promise<Record<string, StoredGuard>> {
      const rows = await db.selectFrom('action_guard').selectAll().execute();
      return Object.fromEntries(rows.map((row) => [row.target, fromJson<StoredGuard>(row.data)]));
    },
    async byKey(key: string): Promise<StoredRun | null> {
      const row = await db
        .selectFrom('action_run')
        .selectAll()
        .where('idempotency_key', '=', key)
        .executeTakeFirst();
      return row ? toStored(row) : null;
    },
    async byId(id: string): Promise<StoredRun | null> {
      const row = await db.selectFrom('action_run').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? toStored(row) : null;
    },
    /** What controls left that are gone; from now on it is ours, told one by one. Of several that ask, one gets each. */
    async takeOver(isGone: (owner: string) => boolean, taken: (run: StoredRun) => void): Promise<void> {
      const rows = await db.selectFrom('action_run').selectAll().where('state', 'in', unfinished).execute();
      for (const row of rows) {
        if (row.owner !== null && !isGone(row.owner)) continue;
        const done = await db
          .updateTable('action_run')
          .set({ owner })
          .where('id', '=', row.id)
          .where('state', 'in', unfinished)
          .where('owner', row.owner === null ? 'is' : '=', row.owner)
          .executeTakeFirst();
        if (done.numUpdatedRows > 0n) taken(toStored(row));
      }
    },
    /** How often an action was begun, and when last. UTC ms. */
    async tally(action: string): Promise<{ count: number; lastAt: number | null }> {
      const row = await db
        .selectFrom('action_run')
        .select(({ fn }) => [fn.countAll<number>().as('count'), fn.max('created_at').as('last')])
        .where('action', '=', action)
        .where('state', '!=', 'refused')
        .executeTakeFirstOrThrow();
      return { count: row.count, lastAt: row.last };
    },
    async list(filter: {
      target?: string | undefined;
      incidentId?: string | undefined;
      open?: boolean;
      before?: number | undefined;
      limit: number;
    }): Promise<ActionRun[]> {
      let query = db.selectFrom('action_run').selectAll();
      if (filter.target !== undefined) query = query.where('target', '=', filter.target);
      if (filter.incidentId !== undefined) query = query.where('incident_id', '=', filter.incidentId);
      if (filter.open) query = query.where('state', 'in', unfinished);
      if (filter.before !== undefined) query = query.where('created_at', '<', filter.before);
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(filter.limit)
        .execute();
      return rows.map((row) => toStored(row).run);
    },
  };
}

export type ActionStore = ReturnType<typeof createActionStore>;
