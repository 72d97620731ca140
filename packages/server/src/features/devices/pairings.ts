import { randomBytes } from 'node:crypto';
import { mainTenant, type IssuedToken, type Pairing } from '@vigiles/contract';
import { raise } from '../../kernel/fault.ts';
import { fromJson, toJson } from '../../platform/store/index.ts';
import type { DeviceCache } from './cache.ts';
import { newCode, normaliseCode, shownCode } from './core/pairing-code.ts';
import type { DevicesDeps } from './deps.ts';
import { invalidCode, unknownPairing } from './faults.ts';
import { insertDevice, newDeviceRow, type NewDevice } from './registry.ts';
import { deviceOf, type DeviceTables } from './tables.ts';
import { hashOf } from './token.ts';

const lifetimeMs = 5 * 60_000;

/** The code is shown once; afterwards only its hash exists. */
const hidden = '•••• ••••';

/** Pairing by an eight-character code: five minutes, one use. */
export function createPairings({ store, events, clock, newId }: DevicesDeps, cache: DeviceCache) {
  const db = store.db<DeviceTables>();
  return {
    async create(device: NewDevice): Promise<Pairing> {
      const code = newCode(randomBytes);
      const nowMs = clock.now();
      const row = {
        request_id: newId('pair'),
        code_hash: hashOf(code),
        name: device.name,
        scopes: toJson(device.scopes),
        tenant: device.tenant ?? mainTenant,
        created_at: nowMs,
        expires_at: nowMs + lifetimeMs,
        used_at: null,
      };
      await store.transaction<DeviceTables, void>(async (trx) => {
        await trx.deleteFrom('pairing').where('expires_at', '<=', nowMs).execute();
        await trx.insertInto('pairing').values(row).execute();
      });
      return {
        request_id: row.request_id,
        code: shownCode(code),
        name: device.name,
        scopes: [...device.scopes],
        tenant: row.tenant,
        expires_at: row.expires_at,
      };
    },

    /** Open pairings. Their codes are not known any more. */
    async list(): Promise<Pairing[]> {
      const rows = await db
        .selectFrom('pairing')
        .selectAll()
        .where('used_at', 'is', null)
        .where('expires_at', '>', clock.now())
        .orderBy('created_at')
        .execute();
      return rows.map(({ request_id, name, scopes, tenant, expires_at }) => ({
        request_id,
        code: hidden,
        name,
        tenant,
        scopes: fromJson(scopes),
        expires_at,
      }));
    },

    async cancel(requestId: string): Promise<void> {
      const cancelled = await store.transaction<DeviceTables, bigint>(async (trx) => {
        const done = await trx
          .deleteFrom('pairing')
          .where('request_id', '=', requestId)
          .where('used_at', 'is', null)
          .executeTakeFirst();
        return done.numDeletedRows;
      });
      if (cancelled === 0n) raise(unknownPairing(requestId));
    },

    /** Uses the code up and makes the device, in one transaction: of two that try, one wins. */
    async complete(typed: string, name: string | undefined): Promise<IssuedToken> {
      const code = normaliseCode(typed) ?? raise(invalidCode('pairing_code_invalid'));
      const codeHash = hashOf(code);
      const made = await events.transaction<DeviceTables, ReturnType<typeof newDeviceRow>>(
        async (tx) => {
          const nowMs = clock.now();
          const used = await tx.db
            .updateTable('pairing')
            .set({ used_at: nowMs })
            .where('code_hash', '=', codeHash)
            .where('used_at', 'is', null)
            .where('expires_at', '>', nowMs)
            .executeTakeFirst();
          if (used.numUpdatedRows !== 1n) raise(invalidCode('pairing_code_invalid'));
          const pairing = await tx.db
            .selectFrom('pairing')
            .selectAll()
            .where('code_hash', '=', codeHash)
            .executeTakeFirstOrThrow();
          const device = {
            name: name ?? pairing.name,
            scopes: fromJson<NewDevice['scopes']>(pairing.scopes),
            tenant: pairing.tenant,
          };
          const created = newDeviceRow(device, 'device', nowMs);
          await insertDevice(tx, created.row, `pairing:${pairing.request_id}`);
          return created;
        },
        { durable: true },
      );
      cache.changed(made.row);
      return { device: deviceOf(made.row), token: made.token };
    },
  };
}
