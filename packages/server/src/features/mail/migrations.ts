import type { Kysely } from 'kysely';
import type { Migrations } from '../../platform/store/store.ts';

export const mailMigrations: Migrations = {
  'mail-1-outbox': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('mail')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('message_id', 'text', (column) => column.notNull())
        .addColumn('device_id', 'text', (column) => column.notNull())
        .addColumn('device_name', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('subject', 'text', (column) => column.notNull())
        .addColumn('from_name', 'text', (column) => column.notNull())
        .addColumn('recipients', 'text', (column) => column.notNull())
        .addColumn('attachments', 'text', (column) => column.notNull())
        .addColumn('idempotency_key', 'text')
        .addColumn('digest', 'text', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .addColumn('code', 'text')
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('tried_since', 'bigint', (column) => column.notNull())
        .addColumn('next_at', 'bigint')
        .addColumn('finished_at', 'bigint')
        .addColumn('approval', 'integer', (column) => column.notNull())
        .addColumn('approval_until', 'bigint')
        .addColumn('approved_by', 'text')
        .addColumn('run_id', 'text')
        .addColumn('kept', 'integer', (column) => column.notNull())
        .addColumn('day', 'text', (column) => column.notNull())
        .addColumn('claimed_by', 'text')
        .addColumn('claimed_until', 'bigint')
        .addColumn('data_at', 'bigint')
        .addUniqueConstraint('mail_key', ['device_id', 'idempotency_key'])
        .execute();
      await db.schema.createIndex('mail_due').on('mail').columns(['state', 'next_at']).execute();
      await db.schema.createIndex('mail_age').on('mail').columns(['created_at', 'id']).execute();
      await db.schema
        .createTable('mail_content')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('data', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('mail_day')
        .addColumn('day', 'text', (column) => column.primaryKey())
        .addColumn('used', 'integer', (column) => column.notNull())
        .addColumn('taken', 'integer', (column) => column.notNull())
        .execute();
    },
  },
};
