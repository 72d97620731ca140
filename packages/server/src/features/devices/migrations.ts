import type { Kysely } from 'kysely';
import type { Migrations } from '../../platform/store/index.ts';

export const deviceMigrations: Migrations = {
  'devices-1-devices': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('device')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('scopes', 'text', (column) => column.notNull())
        .addColumn('token_hash', 'text')
        .addColumn('previous_hash', 'text')
        .addColumn('previous_until', 'bigint')
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('last_seen_at', 'bigint')
        .addColumn('rotated_at', 'bigint')
        .addColumn('revoked_at', 'bigint')
        .execute();
      await db.schema
        .createTable('pairing')
        .addColumn('request_id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('code_hash', 'text', (column) => column.notNull().unique())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('scopes', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('used_at', 'bigint')
        .execute();
      await db.schema
        .createTable('sign_in_code')
        .addColumn('code_hash', 'text', (column) => column.primaryKey().notNull())
        .addColumn('scopes', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('used_at', 'bigint')
        .execute();
      await db.schema
        .createTable('browser_session')
        .addColumn('token_hash', 'text', (column) => column.primaryKey().notNull())
        .addColumn('device_id', 'text', (column) =>
          column.notNull().references('device.id').onDelete('cascade'),
        )
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
  'devices-2-tenants': {
    async up(db: Kysely<never>) {
      for (const table of ['device', 'pairing'])
        await db.schema
          .alterTable(table)
          .addColumn('tenant', 'text', (column) => column.notNull().defaultTo('main'))
          .execute();
    },
  },
  'devices-3-device-flow': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('device_authorization')
        .addColumn('request_id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('device_code_hash', 'text', (column) => column.notNull().unique())
        .addColumn('user_code_hash', 'text', (column) => column.notNull().unique())
        .addColumn('client_id', 'text', (column) => column.notNull())
        .addColumn('client_name', 'text', (column) => column.notNull())
        .addColumn('asked_from', 'text', (column) => column.notNull())
        .addColumn('scopes', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('granted', 'text')
        .addColumn('device_name', 'text')
        .addColumn('tenant', 'text')
        .addColumn('decided_by', 'text')
        .addColumn('polls', 'integer', (column) => column.notNull())
        .addColumn('interval_s', 'integer', (column) => column.notNull())
        .addColumn('next_poll_at', 'bigint', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('used_at', 'bigint')
        .execute();
      await db.schema
        .createTable('short_token')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('token_hash', 'text', (column) => column.notNull())
        .addColumn('device_id', 'text', (column) =>
          column.notNull().references('device.id').onDelete('cascade'),
        )
        .addColumn('parent_hash', 'text', (column) => column.notNull())
        .addColumn('actor_id', 'text')
        .addColumn('audience', 'text', (column) => column.notNull())
        .addColumn('scopes', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema.createIndex('short_token_device').on('short_token').column('device_id').execute();
    },
  },
};
