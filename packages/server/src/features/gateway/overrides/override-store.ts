import type { ProviderOverride } from '@vigiles/contract';
import type { EventLog } from '../../../platform/event-log/index.ts';
import type { Store } from '../../../platform/store/store.ts';
import type { OverrideTables } from './tables.ts';

/** Where overrides are kept while they hold. Every change is an event, so that all gateways on the store know of it. */
export interface OverrideStore {
  /** What holds now; what is over is forgotten at the next change. */
  list(): Promise<ProviderOverride[]>;
  add(override: ProviderOverride): Promise<void>;
  /** @returns undefined where it had ended already */
  end(id: string, actor: string, why: string): Promise<ProviderOverride | undefined>;
}

export function createOverrideStore(
  store: Store,
  events: Pick<EventLog, 'transaction'>,
  now: () => number,
): OverrideStore {
  return {
    async list() {
      const rows = await store
        .db<OverrideTables>()
        .selectFrom('provider_override')
        .selectAll()
        .where('until_ms', '>', now())
        .orderBy('id')
        .execute();
      return rows.map(({ data }) => JSON.parse(data) as ProviderOverride);
    },
    add: (override) =>
      events.transaction<OverrideTables, void>(async ({ db, append }) => {
        await db.deleteFrom('provider_override').where('until_ms', '<=', now()).execute();
        const { id, provider, until, actor } = override;
        const data = JSON.stringify(override);
        await db.insertInto('provider_override').values({ id, provider, until_ms: until, data }).execute();
        append('provider.overridden', { actor, subject: provider, data: { override } });
      }),
    end: (id, actor, why) =>
      events.transaction<OverrideTables, ProviderOverride | undefined>(async ({ db, append }) => {
        const row = await db
          .deleteFrom('provider_override')
          .where('id', '=', id)
          .where('until_ms', '>', now())
          .returningAll()
          .executeTakeFirst();
        if (!row) return undefined;
        const override = JSON.parse(row.data) as ProviderOverride;
        append('provider.override_ended', { actor, subject: override.provider, data: { override, why } });
        return override;
      }),
  };
}
