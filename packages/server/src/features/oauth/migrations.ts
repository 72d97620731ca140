import type { Kysely } from 'kysely';
import type { Migrations } from '../../platform/store/store.ts';

export const oauthMigrations: Migrations = {
  'oauth-1-vault': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('oauth_account')
        .addColumn('provider', 'text', (column) => column.primaryKey().notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('account', 'text')
        .addColumn('scopes', 'text', (column) => column.notNull())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint')
        .addColumn('renewable', 'integer', (column) => column.notNull())
        .addColumn('generation', 'integer', (column) => column.notNull())
        .addColumn('lease_owner', 'text')
        .addColumn('lease_until', 'bigint')
        .addColumn('failures', 'integer', (column) => column.notNull())
        .addColumn('retry_at', 'bigint')
        .addColumn('error', 'text')
        .addColumn('message', 'text')
        .addColumn('connected_at', 'bigint', (column) => column.notNull())
        .addColumn('connected_by', 'text', (column) => column.notNull())
        .addColumn('refreshed_at', 'bigint')
        .execute();
      await db.schema
        .createTable('oauth_state')
        .addColumn('state_hash', 'text', (column) => column.primaryKey().notNull())
        .addColumn('provider', 'text', (column) => column.notNull())
        .addColumn('client_id', 'text', (column) => column.notNull())
        .addColumn('device_id', 'text', (column) => column.notNull())
        .addColumn('redirect_uri', 'text', (column) => column.notNull())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
};
