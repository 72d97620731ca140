import type { Kysely } from 'kysely';
import { numericKeyType } from '../store/columns.ts';
import type { Migrations } from '../store/store.ts';
import type { EventLogTables } from './tables.ts';

export const eventLogMigrations: Migrations = {
  'event-log-1-events': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('event')
        .addColumn('seq', numericKeyType(db), (column) => column.primaryKey().notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('ts', 'bigint', (column) => column.notNull())
        .addColumn('actor', 'text', (column) => column.notNull())
        .addColumn('subject', 'text', (column) => column.notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .execute();
      await db.schema.createIndex('event_by_subject').on('event').columns(['subject', 'seq']).execute();
      await db.schema.createIndex('event_by_type').on('event').columns(['type', 'seq']).execute();
      await db.schema
        .createTable('event_head')
        .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .execute();
      await (db as unknown as Kysely<EventLogTables>)
        .insertInto('event_head')
        .values({ id: 1, seq: 0 })
        .execute();
    },
  },
};
