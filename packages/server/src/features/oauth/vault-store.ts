import type { OauthConnection } from '@vigiles/contract';
import type { EventLog, EventTransaction } from '../../platform/event-log/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { OauthTables } from './tables.ts';

export type AccountRow = OauthTables['oauth_account'];
type StateRow = OauthTables['oauth_state'];
type Tx = EventTransaction<OauthTables>;

/** The only SQL of the vault. @param show a row as people may see it, for events */
export function createVaultStore(store: Store, events: EventLog, show: (row: AccountRow) => OauthConnection) {
  const db = store.db<OauthTables>();
  const durable = { durable: true };

  const changed = (tx: Tx, row: AccountRow, actor: string): void =>
    tx.append('oauth.changed', { actor, subject: row.provider, data: { connection: show(row) } });

  return {
    account: (provider: string): Promise<AccountRow | undefined> =>
      db.selectFrom('oauth_account').selectAll().where('provider', '=', provider).executeTakeFirst(),
    accounts: (): Promise<AccountRow[]> => db.selectFrom('oauth_account').selectAll().execute(),

    /** Providers at whose page somebody is now. */
    async pending(nowMs: number): Promise<Set<string>> {
      const rows = await db
        .selectFrom('oauth_state')
        .select('provider')
        .distinct()
        .where('expires_at', '>', nowMs)
        .execute();
      return new Set(rows.map(({ provider }) => provider));
    },

    /** Keeps what a sign-in began with; a person has one open at each provider. */
    begin: (row: StateRow): Promise<void> =>
      store.transaction<OauthTables, void>(async (trx) => {
        await trx.deleteFrom('oauth_state').where('expires_at', '<=', row.created_at).execute();
        await trx
          .deleteFrom('oauth_state')
          .where('provider', '=', row.provider)
          .where('device_id', '=', row.device_id)
          .execute();
        await trx.insertInto('oauth_state').values(row).execute();
      }, durable),

    /** Takes it out, once, for who began it and in time. */
    take: (stateHash: string, deviceId: string, nowMs: number): Promise<StateRow | null> =>
      store.transaction<OauthTables, StateRow | null>(async (trx) => {
        const row = await trx
          .selectFrom('oauth_state')
          .selectAll()
          .where('state_hash', '=', stateHash)
          .where('device_id', '=', deviceId)
          .executeTakeFirst();
        if (!row) return null;
        const taken = await trx
          .deleteFrom('oauth_state')
          .where('state_hash', '=', stateHash)
          .executeTakeFirst();
        return taken.numDeletedRows === 1n && row.expires_at > nowMs ? row : null;
      }, durable),

    connect: (row: AccountRow, actor: string): Promise<void> =>
      events.transaction<OauthTables, void>(async (tx) => {
        const { provider, ...rest } = row;
        const before = await tx.db
          .selectFrom('oauth_account')
          .select('generation')
          .where('provider', '=', provider)
          .forUpdate()
          .executeTakeFirst();
        const next = { ...rest, generation: (before?.generation ?? 0) + 1 };
        if (before)
          await tx.db.updateTable('oauth_account').set(next).where('provider', '=', provider).execute();
        else
          await tx.db
            .insertInto('oauth_account')
            .values({ provider, ...next })
            .execute();
        tx.append('oauth.connected', {
          actor,
          subject: provider,
          data: { connection: show({ provider, ...next }) },
        });
      }, durable),

    /** The right to renew these tokens, for one process at a time; false where somebody else has it or was faster. */
    lease: (
      provider: string,
      generation: number,
      owner: string,
      nowMs: number,
      untilMs: number,
    ): Promise<boolean> =>
      store.transaction<OauthTables, boolean>(async (trx) => {
        const taken = await trx
          .updateTable('oauth_account')
          .set({ lease_owner: owner, lease_until: untilMs })
          .where('provider', '=', provider)
          .where('generation', '=', generation)
          .where('status', '=', 'connected')
          .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<=', nowMs)]))
          .executeTakeFirst();
        return taken.numUpdatedRows === 1n;
      }, durable),

    /**
     * Writes what came of a renewal over the tokens it was made from, and gives the lease back. False: they were replaced or
     * taken out meanwhile, and nothing was written.
     */
    settle: (
      before: AccountRow,
      values: Partial<AccountRow>,
      alert: { title: string; message: string } | null,
    ): Promise<boolean> =>
      events.transaction<OauthTables, boolean>(async (tx) => {
        const set = { ...values, lease_owner: null, lease_until: null };
        const done = await tx.db
          .updateTable('oauth_account')
          .set(set)
          .where('provider', '=', before.provider)
          .where('generation', '=', before.generation)
          .where('status', '=', before.status)
          .executeTakeFirst();
        if (done.numUpdatedRows !== 1n) return false;
        changed(tx, { ...before, ...set }, 'oauth');
        if (alert)
          tx.append('alert.raised', {
            actor: 'oauth',
            subject: `oauth:${before.provider}`,
            data: { severity: 'warning', ...alert, incident_id: null },
          });
        return true;
      }, durable),

    /** Takes the account out; null where there was none. */
    remove: (provider: string): Promise<AccountRow | null> =>
      store.transaction<OauthTables, AccountRow | null>(async (trx) => {
        // What is handed back is what was there: it may have been renewed a moment ago.
        const row = await trx
          .deleteFrom('oauth_account')
          .where('provider', '=', provider)
          .returningAll()
          .executeTakeFirst();
        await trx.deleteFrom('oauth_state').where('provider', '=', provider).execute();
        return row ?? null;
      }, durable),

    told: (provider: string, actor: string, revoked: boolean): Promise<void> =>
      events.append('oauth.disconnected', { actor, subject: provider, data: { provider, revoked } }),
  };
}

export type VaultStore = ReturnType<typeof createVaultStore>;
