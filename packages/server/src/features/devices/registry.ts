import { mainTenant, type Device, type IssuedToken, type Scope } from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import type { EventTransaction } from '../../platform/event-log/index.ts';
import { toJson } from '../../platform/store/index.ts';
import type { DeviceCache } from './cache.ts';
import type { DevicesDeps } from './deps.ts';
import { unknownDevice } from './faults.ts';
import { deviceOf, type DeviceRow, type DeviceTables } from './tables.ts';
import { formatToken, hashOf, newDeviceId, newSecret } from './token.ts';

export interface NewDevice {
  name: string;
  scopes: readonly Scope[];
  /** Whose agent sessions it sees; absent: the house's own. */
  tenant?: string;
}

/** A row for a new device. A browser has no token, only sessions. */
export function newDeviceRow(device: NewDevice, kind: DeviceRow['kind'], nowMs: number) {
  const id = newDeviceId();
  const token = formatToken(id, newSecret());
  const row: DeviceRow = {
    id,
    kind,
    name: device.name,
    scopes: toJson(device.scopes),
    token_hash: kind === 'device' ? hashOf(token) : null,
    previous_hash: null,
    previous_until: null,
    created_at: nowMs,
    last_seen_at: null,
    rotated_at: null,
    revoked_at: null,
    tenant: device.tenant ?? mainTenant,
  };
  return { row, token };
}

/** What a device of another tenant may do: nothing that shows or changes what belongs to the house. */
const tenantScopes: ReadonlySet<Scope> = new Set([
  'sessions:read',
  'sessions:command',
  'sessions:produce',
  'gateway',
]);

/** Raises `tenant_scope` where another tenant's device would reach beyond its sessions. */
export function refuseForeignReach({ tenant = mainTenant, scopes }: NewDevice): void {
  const beyond = tenant === mainTenant ? [] : scopes.filter((scope) => !tenantScopes.has(scope));
  if (beyond.length === 0) return;
  const allowed = [...tenantScopes].join(', ');
  raise(
    fault(
      'invalid',
      'tenant_scope',
      `A device of the tenant "${tenant}" can have ${allowed}; not ${beyond.join(', ')}.`,
    ),
  );
}

/** Inserts, never replaces: an id that exists makes the database refuse. */
export async function insertDevice(
  tx: EventTransaction<DeviceTables>,
  row: DeviceRow,
  actor: string,
): Promise<void> {
  await tx.db.insertInto('device').values(row).execute();
  tx.append('device.paired', { actor, subject: row.id, data: { device: deviceOf(row) } });
}

/** Making, rotating, revoking and listing devices. */
export function createRegistry({ store, events, clock }: DevicesDeps, cache: DeviceCache) {
  const db = store.db<DeviceTables>();

  const active = async (tx: EventTransaction<DeviceTables>, id: string): Promise<DeviceRow> => {
    const row = await tx.db
      .selectFrom('device')
      .selectAll()
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      // Rotated and revoked in the same moment, it is revoked.
      .forUpdate()
      .executeTakeFirst();
    return row ?? raise(unknownDevice(id));
  };

  return {
    /** Makes a device and its token, which is shown only here. */
    async create(device: NewDevice, actor: string): Promise<IssuedToken> {
      refuseForeignReach(device);
      const { row, token } = newDeviceRow(device, 'device', clock.now());
      await events.transaction<DeviceTables, void>((tx) => insertDevice(tx, row, actor), { durable: true });
      cache.changed(row);
      return { device: deviceOf(row), token };
    },

    /** A new token. The old one ends now, or after `overlapMs`. */
    async rotate(id: string, overlapMs: number, actor: string): Promise<IssuedToken> {
      const token = formatToken(id, newSecret());
      const row = await events.transaction<DeviceTables, DeviceRow>(
        async (tx) => {
          const old = await active(tx, id);
          // A browser has no token to rotate; it signs in again.
          if (old.kind === 'browser') raise(unknownDevice(id));
          const nowMs = clock.now();
          const changed = {
            token_hash: hashOf(token),
            previous_hash: overlapMs > 0 ? old.token_hash : null,
            previous_until: overlapMs > 0 ? nowMs + overlapMs : null,
            rotated_at: nowMs,
          };
          await tx.db.updateTable('device').set(changed).where('id', '=', id).execute();
          const next = { ...old, ...changed };
          tx.append('device.rotated', { actor, subject: id, data: { device: deviceOf(next) } });
          return next;
        },
        { durable: true },
      );
      cache.changed(row);
      return { device: deviceOf(row), token };
    },

    /** Ends a device for good: its token and its browser sessions. */
    async revoke(id: string, actor: string): Promise<Device> {
      const row = await events.transaction<DeviceTables, DeviceRow>(
        async (tx) => {
          const old = await active(tx, id);
          const changed = {
            revoked_at: clock.now(),
            token_hash: null,
            previous_hash: null,
            previous_until: null,
          };
          await tx.db.updateTable('device').set(changed).where('id', '=', id).execute();
          await tx.db.deleteFrom('browser_session').where('device_id', '=', id).execute();
          const next = { ...old, ...changed };
          tx.append('device.revoked', { actor, subject: id, data: { device: deviceOf(next) } });
          return next;
        },
        { durable: true },
      );
      cache.changed(row);
      return deviceOf(row);
    },

    /** Oldest first; revoked ones only when asked for. */
    async list({ revoked = false } = {}): Promise<{ kind: DeviceRow['kind']; device: Device }[]> {
      let query = db.selectFrom('device').selectAll().orderBy('created_at').orderBy('id');
      if (!revoked) query = query.where('revoked_at', 'is', null);
      return (await query.execute()).map((row) => ({ kind: row.kind, device: deviceOf(row) }));
    },
  };
}
