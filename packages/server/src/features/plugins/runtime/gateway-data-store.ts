import { PluginProvider, PluginToolCallFormat } from '@vigiles/contract';
import { z } from 'zod';
import type { EventLog } from '../../../platform/event-log/index.ts';
import type { Store } from '../../../platform/store/index.ts';

/** What one plugin gives the gateway, all of it data. */
export const PluginGatewayData = z.object({
  providers: z.record(z.string(), PluginProvider),
  formats: z.record(z.string(), PluginToolCallFormat),
});
export type PluginGatewayData = z.output<typeof PluginGatewayData>;

interface Tables {
  plugin_gateway_data: { plugin: string; data: string };
}

export interface GatewayDataStore {
  /** Keeps what a plugin brings; nothing is told where it is what is known. */
  put(plugin: string, data: PluginGatewayData): Promise<void>;
  /** Forgets what all others have brought. */
  keepOnly(plugins: readonly string[]): Promise<void>;
}

/** Keeps it where every gateway reads it: none of them needs a plugin's process, or control. */
export function createGatewayDataStore(deps: {
  store: Store;
  events: Pick<EventLog, 'transaction'>;
}): GatewayDataStore {
  const db = deps.store.db<Tables>();
  return {
    async put(plugin, given) {
      const data = JSON.stringify(given);
      const empty = Object.keys(given.providers).length === 0 && Object.keys(given.formats).length === 0;
      const known = await db
        .selectFrom('plugin_gateway_data')
        .select('data')
        .where('plugin', '=', plugin)
        .executeTakeFirst();
      if (empty ? !known : known?.data === data) return;
      await deps.events.transaction<Tables, void>(async (tx) => {
        await tx.db.deleteFrom('plugin_gateway_data').where('plugin', '=', plugin).execute();
        if (!empty) await tx.db.insertInto('plugin_gateway_data').values({ plugin, data }).execute();
        tx.append('plugin.gateway_data_changed', { actor: 'plugins', subject: plugin, data: { plugin } });
      });
    },
    async keepOnly(plugins) {
      const known = await db.selectFrom('plugin_gateway_data').select('plugin').execute();
      for (const { plugin } of known.filter((row) => !plugins.includes(row.plugin))) {
        await deps.events.transaction<Tables, void>(async (tx) => {
          await tx.db.deleteFrom('plugin_gateway_data').where('plugin', '=', plugin).execute();
          tx.append('plugin.gateway_data_changed', { actor: 'plugins', subject: plugin, data: { plugin } });
        });
      }
    },
  };
}

/** All that plugins give the gateway, by plugin. What does not fit is left out: the row may be of another version of Vigiles. */
export async function readGatewayData(store: Store): Promise<ReadonlyMap<string, PluginGatewayData>> {
  const rows = await store.db<Tables>().selectFrom('plugin_gateway_data').selectAll().execute();
  return new Map(
    rows.flatMap(({ plugin, data }) => {
      const read = PluginGatewayData.safeParse(JSON.parse(data));
      return read.success ? [[plugin, read.data] as const] : [];
    }),
  );
}
