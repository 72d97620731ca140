import type { Kysely } from 'kysely';
import { numericKeyType, type Migrations } from '../../platform/store/index.ts';

export const migrations: Migrations = {
  'actions-1-runs': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('action_run')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('idempotency_key', 'text', (column) => column.unique())
        .addColumn('action', 'text', (column) => column.notNull())
        .addColumn('target', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('incident_id', 'text')
        .addColumn('fault', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('finished_at', 'bigint')
        .addColumn('data', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('action_run_by_time')
        .on('action_run')
        .columns(['created_at', 'id'])
        .execute();
      await db.schema.createIndex('action_run_by_state').on('action_run').column('state').execute();
      await db.schema
        .createTable('action_guard')
        .addColumn('target', 'text', (column) => column.primaryKey().notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .execute();
    },
  },
  'actions-2-audit': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('audit')
        .addColumn('seq', numericKeyType(db), (column) => column.primaryKey().notNull())
        .addColumn('ts', 'bigint', (column) => column.notNull())
        .addColumn('actor', 'text', (column) => column.notNull())
        .addColumn('verb', 'text', (column) => column.notNull())
        .addColumn('target', 'text', (column) => column.notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .addColumn('previous_hash', 'text', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .execute();
    },
  },
  'actions-3-recovery': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('action_snapshot')
        .addColumn('run_id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('spend_guard')
        .addColumn('name', 'text', (column) => column.primaryKey().notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .execute();
    },
  },
  'actions-4-owners': {
    async up(db: Kysely<never>) {
      await db.schema.alterTable('action_run').addColumn('owner', 'text').execute();
    },
  },
};
