import type { Kysely } from 'kysely';
import type { Migrations } from '../../platform/store/store.ts';

export const quotaMigrations: Migrations = {
  'quotas-1-use': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('quota_use')
        .addColumn('device_id', 'text', (column) => column.notNull())
        .addColumn('quota', 'text', (column) => column.notNull())
        .addColumn('period', 'text', (column) => column.notNull())
        .addColumn('starts_at', 'bigint', (column) => column.notNull())
        .addColumn('used', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('quota_use_key', ['device_id', 'quota', 'period', 'starts_at'])
        .execute();
      await db.schema
        .createTable('quota_alert')
        .addColumn('device_id', 'text', (column) => column.notNull())
        .addColumn('quota', 'text', (column) => column.notNull())
        .addColumn('period', 'text', (column) => column.notNull())
        .addColumn('starts_at', 'bigint', (column) => column.notNull())
        .addColumn('threshold_percent', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('quota_alert_key', [
          'device_id',
          'quota',
          'period',
          'starts_at',
          'threshold_percent',
        ])
        .execute();
    },
  },
};
