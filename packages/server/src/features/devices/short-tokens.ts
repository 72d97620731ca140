import { Scope, type Identity, type ShortToken } from '@vigiles/contract';
import { failed, ok, type Result } from '../../kernel/fault.ts';
import { fromJson, toJson } from '../../platform/store/index.ts';
import type { DeviceCache } from './cache.ts';
import { createLru } from './core/lru.ts';
import { shareable, shortGrant, type WantedToken } from './core/short-scopes.ts';
import type { DevicesDeps } from './deps.ts';
import { oauthFault } from './faults.ts';
import type { DeviceTables } from './tables.ts';
import { formatToken, hashOf, newDeviceId, newSecret, sameHash, shortTokenId } from './token.ts';

/** No short token lives longer. */
export const longestShortMs = 15 * 60_000;

type Row = DeviceTables['short_token'];

export interface Exchange extends WantedToken {
  /** The device's own token. */
  subjectToken: string;
  /** The token of the device that will use it, where that is another one. */
  actorToken: string | undefined;
  lifetimeMs: number;
}

const shown = (row: Row): ShortToken => ({
  id: row.id,
  device_id: row.device_id,
  actor_id: row.actor_id,
  audience: row.audience,
  scopes: fromJson(row.scopes),
  created_at: row.created_at,
  expires_at: row.expires_at,
});

/**
 * Short tokens that speak for a device, RFC 8693: no longer than a quarter of an hour, no wider than the device, and ended with
 * the token they were exchanged for.
 */
export function createShortTokens({ store, events, clock, log }: DevicesDeps, cache: DeviceCache) {
  const db = store.db<DeviceTables>();
  const known = createLru<Row>(5000);
  let unsubscribe: (() => void) | null = null;

  /** Who it stands for now, by what is known of its device; null when either has ended. */
  function identityOf(
    row: Row,
    token: string,
    device: ReturnType<DeviceCache['peekState']>,
  ): Identity | null {
    if (clock.now() >= row.expires_at || !sameHash(row.token_hash, hashOf(token))) return null;
    if (!device?.holds(row.parent_hash)) return null;
    const may = shareable(device.identity, Scope.options);
    return {
      ...device.identity,
      scopes: fromJson<Scope[]>(row.scopes).filter((scope) => may.includes(scope)),
      short: {
        id: row.id,
        audience: row.audience,
        expiresAt: row.expires_at,
        actorId: row.actor_id,
      },
    };
  }

  /** Counts ends, so that a token read before its end is not kept after it. */
  let ends = 0;
  const forget = (id: string): void => {
    ends += 1;
    known.delete(id);
  };
  async function rowOf(id: string): Promise<Row | null> {
    const row = known.get(id);
    if (row) return row;
    for (;;) {
      const before = ends;
      const found = await db.selectFrom('short_token').selectAll().where('id', '=', id).executeTakeFirst();
      if (before !== ends) continue;
      if (found) known.set(id, found);
      return found ?? null;
    }
  }

  async function remove(id: string, actor: string): Promise<boolean> {
    forget(id);
    return events.transaction<DeviceTables, boolean>(
      async (tx) => {
        const gone = await tx.db.deleteFrom('short_token').where('id', '=', id).executeTakeFirst();
        if (gone.numDeletedRows === 0n) return false;
        tx.append('token.ended', { actor, subject: id, data: { id } });
        return true;
      },
      { durable: true },
    );
  }

  return {
    start(): void {
      unsubscribe = events.subscribe((event) => {
        if (event.type === 'token.ended') forget(event.subject);
      });
    },
    stop(): void {
      unsubscribe?.();
      unsubscribe = null;
    },

    /** From memory only. */
    peek(token: string): Identity | null {
      const id = shortTokenId(token);
      const row = id === null ? undefined : known.get(id);
      return row ? identityOf(row, token, cache.peekState(row.device_id)) : null;
    },

    async find(token: string): Promise<Identity | null> {
      const id = shortTokenId(token);
      const row = id === null ? null : await rowOf(id);
      return row ? identityOf(row, token, await cache.state(row.device_id)) : null;
    },

    /**
     * Exchanges a device's token. Faults: `invalid_grant`, `invalid_scope`, `invalid_target`. The subject must be a device's own
     * token: a short one cannot be drawn out by another exchange.
     */
    async exchange(
      { subjectToken, actorToken, lifetimeMs, ...wanted }: Exchange,
      providers: readonly string[],
    ): Promise<Result<{ token: string; short: ShortToken }>> {
      const subject = await cache.find(subjectToken);
      if (!subject)
        return failed(oauthFault('invalid_grant', 'The subject token is not a device’s own token.'));
      const actor = actorToken === undefined ? null : await cache.find(actorToken);
      if (actorToken !== undefined && !actor)
        return failed(oauthFault('invalid_grant', 'The actor token is not a device’s own token.'));
      const grant = shortGrant(subject, wanted, Scope.options, providers);
      if (!grant.ok) return failed(oauthFault(grant.code, grant.message));
      const nowMs = clock.now();
      const id = newDeviceId();
      const token = formatToken(id, newSecret(), 'vgt');
      // Where the token shown is the old one of a rotation, it ends with the overlap.
      const row: Row = {
        id,
        token_hash: hashOf(token),
        device_id: subject.deviceId,
        parent_hash: hashOf(subjectToken),
        actor_id: actor && actor.deviceId !== subject.deviceId ? actor.deviceId : null,
        audience: grant.audience,
        scopes: toJson(grant.scopes),
        created_at: nowMs,
        expires_at: nowMs + Math.min(lifetimeMs, longestShortMs),
      };
      await events.transaction<DeviceTables, void>(
        async (tx) => {
          await tx.db.deleteFrom('short_token').where('expires_at', '<=', nowMs).execute();
          await tx.db.insertInto('short_token').values(row).execute();
          tx.append('token.exchanged', {
            actor: `device:${row.actor_id ?? row.device_id}`,
            subject: row.device_id,
            data: { token: shown(row) },
          });
        },
        { durable: true },
      );
      known.set(id, row);
      log.debug({ device: row.device_id, audience: row.audience }, 'a token was exchanged');
      return ok({ token, short: shown(row) });
    },

    /** Ends the one this token is. Whether there was one. RFC 7009. */
    async end(token: string): Promise<boolean> {
      const identity = await this.find(token);
      return identity?.short ? remove(identity.short.id, `device:${identity.deviceId}`) : false;
    },

    /** Those in force, newest first. */
    async list(): Promise<ShortToken[]> {
      const rows = await db
        .selectFrom('short_token')
        .selectAll()
        .where('expires_at', '>', clock.now())
        .orderBy('created_at', 'desc')
        .limit(200)
        .execute();
      return rows.map(shown);
    },
  };
}
