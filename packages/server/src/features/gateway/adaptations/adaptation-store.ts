import type { Adaptation as AdaptationResource } from '@vigiles/contract';
import type { EventLog } from '../../../platform/event-log/index.ts';
import type { Store } from '../../../platform/store/store.ts';
import type { Adaptation } from '../core/adapt/adaptation-table.ts';
import { describeEdit, type Edit } from '../core/adapt/edit.ts';
import type { AdaptationRow, AdaptationTables } from './tables.ts';

/** Forgotten for good this long after they went out of force: until then they show what was learned. */
const KEEP_MS = 7 * 24 * 3_600_000;

/** Where adaptations are kept. Every change is an event, so that all gateways on the store know of it. */
export interface AdaptationStore {
  /** The newest first. */
  list(): Promise<Adaptation[]>;
  /** Keeps what was learned, in the place of what it replaces; forgets what is long out of force. */
  keep(kept: Adaptation, replaced: readonly Adaptation[]): Promise<void>;
  /** @returns the adaptation as it is now; undefined where there is none */
  pin(id: string, pinned: boolean, expiresAt: number, actor: string): Promise<Adaptation | undefined>;
  remove(id: string, actor: string): Promise<Adaptation | undefined>;
}

export function createAdaptationStore(
  store: Store,
  events: Pick<EventLog, 'transaction'>,
  now: () => number,
): AdaptationStore {
  return {
    async list() {
      const rows = await store
        .db<AdaptationTables>()
        .selectFrom('adaptation')
        .selectAll()
        .orderBy('last_seen', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(fromRow);
    },
    async keep(kept, replaced) {
      await events.transaction<AdaptationTables, void>(async ({ db, append }) => {
        const row = toRow(kept);
        const { id: _id, ...rest } = row;
        await db
          .insertInto('adaptation')
          .values(row)
          .onConflict((on) => on.column('id').doUpdateSet(rest))
          .execute();
        const gone = replaced.map(({ id }) => id);
        if (gone.length > 0) await db.deleteFrom('adaptation').where('id', 'in', gone).execute();
        await db
          .deleteFrom('adaptation')
          .where('pinned', '=', 0)
          .where('expires_at', '<', now() - KEEP_MS)
          .execute();
        const data = { adaptation: toResource(kept, now()) };
        append('adaptation.learned', { actor: 'gateway', subject: kept.id, data });
      });
    },
    pin: (id, pinned, expiresAt, actor) =>
      events.transaction<AdaptationTables, Adaptation | undefined>(async ({ db, append }) => {
        const row = await db
          .updateTable('adaptation')
          .set({ pinned: pinned ? 1 : 0, expires_at: expiresAt })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst();
        if (!row) return undefined;
        const changed = fromRow(row);
        append('adaptation.changed', {
          actor,
          subject: id,
          data: { adaptation: toResource(changed, now()) },
        });
        return changed;
      }),
    remove: (id, actor) =>
      events.transaction<AdaptationTables, Adaptation | undefined>(async ({ db, append }) => {
        const row = await db.deleteFrom('adaptation').where('id', '=', id).returningAll().executeTakeFirst();
        if (!row) return undefined;
        const removed = fromRow(row);
        append('adaptation.removed', {
          actor,
          subject: id,
          data: { adaptation: toResource(removed, now()) },
        });
        return removed;
      }),
  };
}

/** An adaptation as the API shows it. */
export function toResource(one: Adaptation, now: number): AdaptationResource {
  const { firstSeen, lastSeen, expiresAt, edit, ...same } = one;
  return {
    ...same,
    edit: { ...edit },
    change: describeEdit(edit),
    first_seen: firstSeen,
    last_seen: lastSeen,
    expires_at: expiresAt,
    in_force: one.pinned || expiresAt > now,
  };
}

function toRow({ firstSeen, lastSeen, expiresAt, edit, pinned, ...same }: Adaptation): AdaptationRow {
  return {
    ...same,
    edit: JSON.stringify(edit),
    first_seen: firstSeen,
    last_seen: lastSeen,
    expires_at: expiresAt,
    pinned: pinned ? 1 : 0,
  };
}

function fromRow({
  first_seen,
  last_seen,
  expires_at,
  edit,
  pinned,
  protocol,
  ...same
}: AdaptationRow): Adaptation {
  return {
    ...same,
    protocol: protocol as Adaptation['protocol'],
    edit: JSON.parse(edit) as Edit,
    firstSeen: first_seen,
    lastSeen: last_seen,
    expiresAt: expires_at,
    pinned: pinned === 1,
  };
}
