import type { Kysely } from 'kysely';
import type { Migrations } from '../../platform/store/store.ts';

export const notificationMigrations: Migrations = {
  'notifications-1-outbox': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('notification')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('title', 'text')
        .addColumn('message', 'text', (column) => column.notNull())
        .addColumn('duration_ms', 'bigint', (column) => column.notNull())
        .addColumn('sticky', 'integer', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('severity', 'text', (column) => column.notNull())
        .addColumn('phase', 'text', (column) => column.notNull())
        .addColumn('service', 'text')
        .addColumn('fault', 'text')
        .addColumn('incident_id', 'text')
        .addColumn('actor', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('notification_by_time')
        .on('notification')
        .columns(['created_at', 'id'])
        .execute();
      await db.schema
        .createTable('notification_delivery')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('notification_id', 'text', (column) =>
          column.notNull().references('notification.id').onDelete('cascade'),
        )
        .addColumn('channel', 'text', (column) => column.notNull())
        .addColumn('incident_id', 'text')
        .addColumn('role', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .addColumn('answer', 'text', (column) => column.notNull())
        .addColumn('together', 'integer', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('next_at', 'bigint')
        .addColumn('finished_at', 'bigint')
        .addColumn('claimed_by', 'text')
        .addColumn('claimed_until', 'bigint')
        .execute();
      for (const [name, columns] of [
        ['delivery_by_notification', ['notification_id']],
        ['delivery_by_state', ['state', 'next_at']],
        ['delivery_by_incident', ['incident_id', 'channel']],
        ['delivery_by_channel', ['channel', 'finished_at']],
      ] as const) {
        await db.schema
          .createIndex(name)
          .on('notification_delivery')
          .columns([...columns])
          .execute();
      }
      await db.schema
        .createTable('notification_thread')
        .addColumn('incident_id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('phase', 'text', (column) => column.notNull())
        .addColumn('service', 'text', (column) => column.notNull())
        .addColumn('severity', 'text', (column) => column.notNull())
        .addColumn('opened_at', 'bigint', (column) => column.notNull())
        .addColumn('round', 'integer', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('notification_cursor')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('push_subscription')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('endpoint', 'text', (column) => column.notNull().unique())
        .addColumn('p256dh', 'text', (column) => column.notNull())
        .addColumn('auth', 'text', (column) => column.notNull())
        .addColumn('device_id', 'text', (column) => column.notNull())
        .addColumn('label', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('last_ok_at', 'bigint')
        .execute();
    },
  },
  // Whether the same was said a moment ago is asked with each alert: without it a storm reads itself again and again.
  'notifications-2-said-before': {
    async up(db: Kysely<never>) {
      await db.schema
        .createIndex('notification_by_title')
        .on('notification')
        .columns(['title', 'created_at'])
        .execute();
    },
  },
};
