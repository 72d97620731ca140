import type { Kysely } from 'kysely';
import type { Migrations } from '../../../platform/store/store.ts';

export const pluginRuntimeMigrations: Migrations = {
  'plugin-runtime-1-gateway-data': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('plugin_gateway_data')
        .addColumn('plugin', 'text', (column) => column.primaryKey())
        .addColumn('data', 'text', (column) => column.notNull())
        .execute();
    },
  },
};
