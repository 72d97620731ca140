import type { Identity } from '@vigiles/contract';
import { fromJson } from '../../platform/store/index.ts';
import type { DevicesDeps } from './deps.ts';
import type { DeviceRow, DeviceTables } from './tables.ts';
import { hashOf, sameHash, tokenDevice } from './token.ts';

interface Known {
  row: DeviceRow;
  identity: Identity;
}

/** An active device, and whether a token with this hash is one of its own at the moment. */
interface DeviceState {
  identity: Identity;
  holds(tokenHash: string): boolean;
}

const identityOf = (row: DeviceRow): Identity => ({
  kind: row.kind,
  deviceId: row.id,
  name: row.name,
  scopes: fromJson(row.scopes),
  tenant: row.tenant,
});

/**
 * The active devices, in memory. Kept right by the event log, which also brings what other processes did;
 * what is not here is looked up once in the store.
 */
export function createDeviceCache({ store, events, clock, log }: DevicesDeps) {
  const known = new Map<string, Known>();
  const db = store.db<DeviceTables>();

  const keep = (row: DeviceRow): Known | null => {
    if (row.revoked_at !== null) {
      known.delete(row.id);
      return null;
    }
    const entry = { row, identity: identityOf(row) };
    known.set(row.id, entry);
    return entry;
  };

  /** Counts changes, so that a row read before a change is not kept after it: a revoked device stays revoked. */
  let changes = 0;
  const load = async (id: string): Promise<Known | null> => {
    for (;;) {
      const before = changes;
      const row = await db.selectFrom('device').selectAll().where('id', '=', id).executeTakeFirst();
      if (before !== changes) continue;
      if (row) return keep(row);
      known.delete(id);
      return null;
    }
  };

  const holds = ({ row }: Known, hash: string): boolean => {
    if (row.token_hash !== null && sameHash(row.token_hash, hash)) return true;
    const overlapping = row.previous_until !== null && clock.now() < row.previous_until;
    return overlapping && row.previous_hash !== null && sameHash(row.previous_hash, hash);
  };

  const matches = (entry: Known, token: string): boolean => holds(entry, hashOf(token));

  const stateOf = (entry: Known | null | undefined): DeviceState | null =>
    entry ? { identity: entry.identity, holds: (hash) => holds(entry, hash) } : null;

  let unsubscribe: (() => void) | null = null;
  return {
    async start(): Promise<void> {
      unsubscribe = events.subscribe((event) => {
        if (!event.type.startsWith('device.')) return;
        // Forgotten at once, so that nothing old is honoured while the new row is read.
        changes += 1;
        known.delete(event.subject);
        if (event.type !== 'device.revoked') {
          load(event.subject).catch((thrown: unknown) =>
            log.error({ err: thrown }, 'A device could not be read'),
          );
        }
      });
      for (;;) {
        const before = changes;
        const rows = await db.selectFrom('device').selectAll().where('revoked_at', 'is', null).execute();
        // One of them may have been revoked since they were read.
        if (before !== changes) continue;
        for (const row of rows) keep(row);
        return;
      }
    },
    stop(): void {
      unsubscribe?.();
      unsubscribe = null;
    },
    /** Only what is in memory: for hot paths. */
    peek(token: string): Identity | null {
      const id = tokenDevice(token);
      const entry = id === null ? undefined : known.get(id);
      return entry && matches(entry, token) ? entry.identity : null;
    },
    /** In memory, else in the store. A token of the wrong shape or checksum never gets that far. */
    async find(token: string): Promise<Identity | null> {
      const id = tokenDevice(token);
      if (id === null) return null;
      const entry = known.get(id) ?? (await load(id));
      return entry && matches(entry, token) ? entry.identity : null;
    },
    /** The identity of an active device, whatever it shows: for browser sessions. */
    async byId(id: string): Promise<Identity | null> {
      return (known.get(id) ?? (await load(id)))?.identity ?? null;
    },
    /** An active device and which tokens it has now, for what depends on one of them. */
    async state(id: string): Promise<DeviceState | null> {
      return stateOf(known.get(id) ?? (await load(id)));
    },
    /** The same from memory only. */
    peekState: (id: string): DeviceState | null => stateOf(known.get(id)),
    /** Takes over a row that was just written. */
    changed(row: DeviceRow): void {
      changes += 1;
      keep(row);
    },
  };
}

export type DeviceCache = ReturnType<typeof createDeviceCache>;
