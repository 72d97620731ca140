import { sql, type Kysely } from 'kysely';
import { createMoneyTables } from './money-tables.ts';
import type { Migrations } from '../../../platform/store/store.ts';

export const gatewayMigrations: Migrations = {
  'gateway-1-turns': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('turn')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('ts', 'bigint', (column) => column.notNull())
        .addColumn('device_id', 'text', (column) => column.notNull())
        .addColumn('session_id', 'text')
        .addColumn('client_protocol', 'text', (column) => column.notNull())
        .addColumn('provider', 'text', (column) => column.notNull())
        .addColumn('provider_protocol', 'text', (column) => column.notNull())
        .addColumn('model_requested', 'text', (column) => column.notNull())
        .addColumn('model', 'text', (column) => column.notNull())
        .addColumn('stream', 'integer', (column) => column.notNull())
        .addColumn('input_tokens', 'bigint')
        .addColumn('cached_input_tokens', 'bigint')
        .addColumn('cache_write_tokens', 'bigint')
        .addColumn('output_tokens', 'bigint')
        .addColumn('reasoning_tokens', 'bigint')
        .addColumn('cost_micros', 'bigint')
        .addColumn('latency_ms', sql`double precision`, (column) => column.notNull())
        .addColumn('ttft_ms', sql`double precision`)
        .addColumn('outcome', 'text', (column) => column.notNull())
        .addColumn('status', 'integer', (column) => column.notNull())
        .addColumn('error_kind', 'text')
        .addColumn('error_message', 'text')
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('losses', 'text')
        .execute();
      await db.schema.createIndex('turn_by_ts').on('turn').columns(['ts', 'id']).execute();
    },
  },
  'gateway-2-repairs': {
    async up(db: Kysely<never>) {
      await db.schema.alterTable('turn').addColumn('repairs', 'text').execute();
    },
  },
  'gateway-3-decision': {
    async up(db: Kysely<never>) {
      await db.schema.alterTable('turn').addColumn('decision', 'text').execute();
    },
  },
  'gateway-4-money': {
    async up(db: Kysely<never>) {
      // One statement each: SQLite adds one column at a time.
      await db.schema.alterTable('turn').addColumn('workspace', 'text').execute();
      await db.schema.alterTable('turn').addColumn('cache_write_1h_tokens', 'bigint').execute();
      await db.schema
        .alterTable('turn')
        .addColumn('counted_micros', 'bigint', (column) => column.notNull().defaultTo(0))
        .execute();
      await db.schema.alterTable('turn').addColumn('rate_card', 'text').execute();
      await sql`update turn set counted_micros = cost_micros where cost_micros is not null`.execute(db);
      await createMoneyTables(db);
    },
  },
  'gateway-5-adaptations': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('adaptation')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('provider', 'text', (column) => column.notNull())
        .addColumn('model', 'text', (column) => column.notNull())
        .addColumn('protocol', 'text', (column) => column.notNull())
        .addColumn('edit', 'text', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .addColumn('evidence', 'text', (column) => column.notNull())
        .addColumn('status', 'integer', (column) => column.notNull())
        .addColumn('count', 'integer', (column) => column.notNull())
        .addColumn('first_seen', 'bigint', (column) => column.notNull())
        .addColumn('last_seen', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('pinned', 'integer', (column) => column.notNull())
        .execute();
    },
  },
  'gateway-5-contents': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('turn_content')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('ts', 'bigint', (column) => column.notNull())
        .addColumn('bytes', 'bigint', (column) => column.notNull())
        .addColumn('mode', 'text', (column) => column.notNull())
        .addColumn('content', 'text', (column) => column.notNull())
        .execute();
      await db.schema.createIndex('turn_content_by_ts').on('turn_content').columns(['ts', 'bytes']).execute();
    },
  },
  'gateway-5-turn-notes': {
    async up(db: Kysely<never>) {
      await db.schema.alterTable('turn').addColumn('adaptations', 'text').execute();
      await db.schema.alterTable('turn').addColumn('continuations', 'text').execute();
    },
  },
  'gateway-6-calls': {
    async up(db: Kysely<never>) {
      await db.schema.alterTable('turn').addColumn('faults', 'text').execute();
      await db.schema.alterTable('turn').addColumn('synthesis', 'text').execute();
    },
  },
  'gateway-7-overrides': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('provider_override')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('provider', 'text', (column) => column.notNull())
        .addColumn('until_ms', 'bigint', (column) => column.notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .execute();
    },
  },
};
