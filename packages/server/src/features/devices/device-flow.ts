import { randomBytes } from 'node:crypto';
import { mainTenant, type DeviceAuthorization, type IssuedToken, type Scope } from '@vigiles/contract';
import { raise } from '../../kernel/fault.ts';
import { fromJson, toJson } from '../../platform/store/index.ts';
import type { DeviceCache } from './cache.ts';
import { newCode, normaliseCode } from './core/pairing-code.ts';
import { judgePoll, pollIntervalS } from './core/poll.ts';
import type { DevicesDeps } from './deps.ts';
import { invalidCode, oauthFault, tooManyWaiting } from './faults.ts';
import { insertDevice, newDeviceRow, type NewDevice } from './registry.ts';
import { deviceOf, type DeviceTables } from './tables.ts';
import { hashOf, newSecret } from './token.ts';

/** How long a code may be typed in and approved. */
export const authorizationMs = 10 * 60_000;
/** Anybody may ask, so there is room for so many at a time. */
const mostWaiting = 200;

export interface AskedAuthorization {
  clientId: string;
  clientName: string;
  askedFrom: string;
  scopes: readonly Scope[];
}

/** What the approver gives: never more than he has, which the routes see to. */
export interface Approval {
  scopes: readonly Scope[];
  name?: string | undefined;
  tenant?: string | undefined;
}

type Row = DeviceTables['device_authorization'];

const shown = (row: Row): DeviceAuthorization => ({
  request_id: row.request_id,
  client_name: row.client_name,
  asked_from: row.asked_from,
  scopes: fromJson(row.scopes),
  state: row.state,
  created_at: row.created_at,
  expires_at: row.expires_at,
});

/** Letting a program in that cannot show a page: it shows a code, a person types it in elsewhere. RFC 8628. */
export function createDeviceFlow({ store, events, clock, newId }: DevicesDeps, cache: DeviceCache) {
  const db = store.db<DeviceTables>();

  /** The open request of a typed code. One answer for wrong, used and expired: a guesser learns nothing. */
  async function find(typed: string): Promise<Row> {
    const code = normaliseCode(typed) ?? raise(invalidCode('user_code_invalid'));
    const row = await db
      .selectFrom('device_authorization')
      .selectAll()
      .where('user_code_hash', '=', hashOf(code))
      .where('expires_at', '>', clock.now())
      .executeTakeFirst();
    return row?.state === 'pending' ? row : raise(invalidCode('user_code_invalid'));
  }

  async function decide(typed: string, values: Partial<Row>): Promise<DeviceAuthorization> {
    const row = await find(typed);
    const { numUpdatedRows } = await store.transaction<DeviceTables, { numUpdatedRows: bigint }>(
      (trx) =>
        trx
          .updateTable('device_authorization')
          .set(values)
          .where('request_id', '=', row.request_id)
          .where('state', '=', 'pending')
          .where('expires_at', '>', clock.now())
          .executeTakeFirst(),
      { durable: true },
    );
    if (numUpdatedRows !== 1n) raise(invalidCode('user_code_invalid'));
    return shown({ ...row, ...values });
  }

  return {
    /** A new request. The codes are shown only here. */
    async ask(asked: AskedAuthorization) {
      const deviceCode = newSecret();
      const userCode = newCode(randomBytes);
      const nowMs = clock.now();
      await store.transaction<DeviceTables, void>(async (trx) => {
        await trx
          .deleteFrom('device_authorization')
          .where('expires_at', '<=', nowMs - authorizationMs)
          .execute();
        const { waiting } = await trx
          .selectFrom('device_authorization')
          .select(({ fn }) => fn.countAll().as('waiting'))
          .where('state', '=', 'pending')
          .where('expires_at', '>', nowMs)
          .executeTakeFirstOrThrow();
        if (Number(waiting) >= mostWaiting) raise(tooManyWaiting());
        await trx
          .insertInto('device_authorization')
          .values({
            request_id: newId('dauth'),
            device_code_hash: hashOf(deviceCode),
            user_code_hash: hashOf(userCode),
            client_id: asked.clientId,
            client_name: asked.clientName,
            asked_from: asked.askedFrom,
            scopes: toJson(asked.scopes),
            state: 'pending',
            granted: null,
            device_name: null,
            tenant: null,
            decided_by: null,
            polls: 0,
            interval_s: pollIntervalS,
            next_poll_at: nowMs,
            created_at: nowMs,
            expires_at: nowMs + authorizationMs,
            used_at: null,
          })
          .execute();
      });
      return {
        deviceCode,
        userCode: `${userCode.slice(0, 4)}-${userCode.slice(4)}`,
        expiresInS: authorizationMs / 1000,
        intervalS: pollIntervalS,
      };
    },

    /** Who asked with this code. Raises `user_code_invalid`. */
    lookUp: async (typed: string): Promise<DeviceAuthorization> => shown(await find(typed)),

    /** Those that wait for somebody to type their code, newest first. */
    async waiting(): Promise<DeviceAuthorization[]> {
      const rows = await db
        .selectFrom('device_authorization')
        .selectAll()
        .where('state', '=', 'pending')
        .where('expires_at', '>', clock.now())
        .orderBy('created_at', 'desc')
        .limit(50)
        .execute();
      return rows.map(shown);
    },

    approve: (typed: string, approval: Approval, actor: string): Promise<DeviceAuthorization> =>
      decide(typed, {
        state: 'approved',
        granted: toJson(approval.scopes),
        device_name: approval.name ?? null,
        tenant: approval.tenant ?? mainTenant,
        decided_by: actor,
      }),

    deny: (typed: string, actor: string): Promise<DeviceAuthorization> =>
      decide(typed, { state: 'denied', decided_by: actor }),

    /**
     * One poll: the token, once, or an error of RFC 8628 §3.5. Of two polls that come at the same moment one gets the token and
     * the other `invalid_grant`: the row is locked before it is read, and used up in the transaction that makes the device.
     */
    async poll(deviceCode: string, clientId: string): Promise<IssuedToken & { scopes: readonly Scope[] }> {
      const hash = hashOf(deviceCode);
      const outcome = await events.transaction<
        DeviceTables,
        { fault: ReturnType<typeof oauthFault> } | ReturnType<typeof newDeviceRow>
      >(
        async (tx) => {
          const nowMs = clock.now();
          const no = (code: Parameters<typeof oauthFault>[0], text: string) => ({
            fault: oauthFault(code, text),
          });
          await tx.db
            .updateTable('device_authorization')
            .set(({ eb }) => ({ polls: eb('polls', '+', 1) }))
            .where('device_code_hash', '=', hash)
            .execute();
          const row = await tx.db
            .selectFrom('device_authorization')
            .selectAll()
            .where('device_code_hash', '=', hash)
            .executeTakeFirst();
          if (!row || row.client_id !== clientId || row.used_at !== null)
            return no('invalid_grant', 'This device code is unknown or was used.');
          if (row.expires_at <= nowMs) return no('expired_token', 'The code has expired; ask for a new one.');
          const { early, pace } = judgePoll(
            { intervalS: row.interval_s, nextPollAt: row.next_poll_at },
            nowMs,
          );
          const set = (values: Partial<Row>) =>
            tx.db
              .updateTable('device_authorization')
              .set(values)
              .where('request_id', '=', row.request_id)
              .execute();
          await set({ interval_s: pace.intervalS, next_poll_at: pace.nextPollAt });
          if (early) return no('slow_down', `Poll every ${pace.intervalS} seconds.`);
          if (row.state === 'pending') return no('authorization_pending', 'Nobody has approved it yet.');
          await set({ used_at: nowMs });
          if (row.state === 'denied') return no('access_denied', 'It was denied.');
          const device: NewDevice = {
            name: row.device_name ?? row.client_name,
            scopes: fromJson<Scope[]>(row.granted ?? '[]'),
            tenant: row.tenant ?? mainTenant,
          };
          const made = newDeviceRow(device, 'device', nowMs);
          await insertDevice(tx, made.row, row.decided_by ?? `authorization:${row.request_id}`);
          return made;
        },
        { durable: true },
      );
      if ('fault' in outcome) return raise(outcome.fault);
      cache.changed(outcome.row);
      const device = deviceOf(outcome.row);
      return { device, token: outcome.token, scopes: device.scopes };
    },
  };
}
