import type { Kysely } from 'kysely';
import type { Migrations } from '../../platform/store/index.ts';
import { knowledgeMigration } from './knowledge/migration.ts';
import { ownersMigration, storiesMigration } from './incidents/migration.ts';

export const migrations: Migrations = {
  'watchdog-1-services': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('incident')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('service', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('opened_at', 'bigint', (column) => column.notNull())
        .addColumn('closed_at', 'bigint')
        .addColumn('data', 'text', (column) => column.notNull())
        .execute();
      await db.schema.createIndex('incident_by_time').on('incident').columns(['opened_at', 'id']).execute();
      await db.schema
        .createIndex('incident_by_service')
        .on('incident')
        .columns(['service', 'opened_at'])
        .execute();
      await db.schema
        .createTable('service_state')
        .addColumn('service', 'text', (column) => column.primaryKey().notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('since', 'bigint', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('beat')
        .addColumn('service', 'text', (column) => column.notNull())
        .addColumn('ts', 'bigint', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('latency_ms', 'double precision')
        .addColumn('message', 'text')
        .execute();
      await db.schema.createIndex('beat_by_service').on('beat').columns(['service', 'ts']).execute();
      await db.schema.createIndex('beat_by_time').on('beat').column('ts').execute();
    },
  },
  'watchdog-2-maintenance': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('maintenance')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('services', 'text', (column) => column.notNull())
        .addColumn('from_ts', 'bigint', (column) => column.notNull())
        .addColumn('to_ts', 'bigint', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .addColumn('actor', 'text', (column) => column.notNull())
        .execute();
      await db.schema.createIndex('maintenance_by_end').on('maintenance').column('to_ts').execute();
    },
  },
  'watchdog-2-uptime-day': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('uptime_day')
        .addColumn('service', 'text', (column) => column.notNull())
        .addColumn('day', 'integer', (column) => column.notNull())
        .addColumn('up', 'bigint', (column) => column.notNull())
        .addColumn('total', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('uptime_day_key', ['service', 'day'])
        .execute();
      await db.schema.createIndex('uptime_day_by_day').on('uptime_day').column('day').execute();
    },
  },
  'watchdog-2-heartbeats': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('heartbeat')
        .addColumn('service', 'text', (column) => column.notNull())
        .addColumn('check_id', 'text', (column) => column.notNull())
        .addColumn('token', 'text', (column) => column.notNull())
        .addColumn('first_at', 'bigint', (column) => column.notNull())
        .addColumn('last_at', 'bigint')
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('message', 'text', (column) => column.notNull())
        .addColumn('ping_ms', 'double precision')
        .addColumn('alive_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('heartbeat_pk', ['service', 'check_id'])
        .execute();
    },
  },
  'watchdog-3-stories': storiesMigration,
  'watchdog-4-knowledge': knowledgeMigration,
  'watchdog-2-seed-api': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('health_snapshot')
        .addColumn('ts', 'bigint', (column) => column.primaryKey().notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('watchdog_mark')
        .addColumn('name', 'text', (column) => column.primaryKey().notNull())
        .addColumn('ts', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
  // Looks live in the history of figures.
  'watchdog-4-no-beats': {
    async up(db: Kysely<never>) {
      await db.schema.dropTable('beat').execute();
    },
  },
  'watchdog-5-owners': ownersMigration,
};
