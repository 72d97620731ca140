import type { Device, Identity, Scope } from '@vigiles/contract';
import { raise } from '../../kernel/fault.ts';
import { fromJson, toJson } from '../../platform/store/index.ts';
import type { DeviceCache } from './cache.ts';
import { createLru } from './core/lru.ts';
import type { DevicesDeps } from './deps.ts';
import { invalidCode } from './faults.ts';
import { insertDevice, newDeviceRow } from './registry.ts';
import { deviceOf, type DeviceTables } from './tables.ts';
import { hashOf, newSecret } from './token.ts';

const codeMs = 10 * 60_000;
export const sessionMs = 30 * 86_400_000;
/** A session's end is moved at most this often. */
const slideMs = 3_600_000;

interface Session {
  deviceId: string;
  expiresAt: number;
}

/** Browser sign-in: a one-time code becomes a session, which acts as a device made for that browser. */
export function createBrowserSessions({ store, events, clock, log }: DevicesDeps, cache: DeviceCache) {
  const db = store.db<DeviceTables>();
  const sessions = createLru<Session>(1000);

  const slide = (hash: string, session: Session, nowMs: number): void => {
    if (session.expiresAt - nowMs > sessionMs - slideMs) return;
    session.expiresAt = nowMs + sessionMs;
    store
      .transaction<DeviceTables, void>(async (trx) => {
        await trx
          .updateTable('browser_session')
          .set({ expires_at: session.expiresAt })
          .where('token_hash', '=', hash)
          .execute();
      })
      .catch((thrown: unknown) => log.warn({ err: thrown }, 'A session could not be prolonged'));
  };

  return {
    /** A code for a sign-in link: ten minutes, one use. */
    async createCode(scopes: readonly Scope[]): Promise<string> {
      const code = newSecret();
      const nowMs = clock.now();
      await store.transaction<DeviceTables, void>(async (trx) => {
        await trx.deleteFrom('sign_in_code').where('expires_at', '<=', nowMs).execute();
        await trx.deleteFrom('browser_session').where('expires_at', '<=', nowMs).execute();
        await trx
          .insertInto('sign_in_code')
          .values({
            code_hash: hashOf(code),
            scopes: toJson(scopes),
            expires_at: nowMs + codeMs,
            used_at: null,
          })
          .execute();
      });
      return code;
    },

    async signIn(code: string): Promise<{ device: Device; cookie: string }> {
      const codeHash = hashOf(code.trim());
      const cookie = `vgs_${newSecret()}`;
      const row = await events.transaction(
        async (tx: Parameters<typeof insertDevice>[0]) => {
          const nowMs = clock.now();
          const used = await tx.db
            .updateTable('sign_in_code')
            .set({ used_at: nowMs })
            .where('code_hash', '=', codeHash)
            .where('used_at', 'is', null)
            .where('expires_at', '>', nowMs)
            .executeTakeFirst();
          if (used.numUpdatedRows !== 1n) raise(invalidCode('sign_in_code_invalid'));
          const { scopes } = await tx.db
            .selectFrom('sign_in_code')
            .select('scopes')
            .where('code_hash', '=', codeHash)
            .executeTakeFirstOrThrow();
          const made = newDeviceRow(
            { name: 'Browser', scopes: fromJson<Scope[]>(scopes) },
            'browser',
            nowMs,
          ).row;
          await insertDevice(tx, made, 'sign-in');
          await tx.db
            .insertInto('browser_session')
            .values({
              token_hash: hashOf(cookie),
              device_id: made.id,
              created_at: nowMs,
              expires_at: nowMs + sessionMs,
            })
            .execute();
          return made;
        },
        { durable: true },
      );
      cache.changed(row);
      return { device: deviceOf(row), cookie };
    },

    /** Who the cookie stands for; null when it is unknown, expired or its device was revoked. */
    async find(cookie: string): Promise<Identity | null> {
      if (!/^vgs_[0-9A-Za-z]{43}$/.test(cookie)) return null;
      const hash = hashOf(cookie);
      const nowMs = clock.now();
      let session = sessions.get(hash);
      if (!session) {
        const row = await db
          .selectFrom('browser_session')
          .selectAll()
          .where('token_hash', '=', hash)
          .executeTakeFirst();
        if (!row) return null;
        session = { deviceId: row.device_id, expiresAt: row.expires_at };
        sessions.set(hash, session);
      }
      if (session.expiresAt <= nowMs) return null;
      const identity = await cache.byId(session.deviceId);
      if (!identity) {
        sessions.delete(hash);
        return null;
      }
      slide(hash, session, nowMs);
      return identity;
    },
  };
}
