import type { Kysely } from 'kysely';
import type { Migrations } from '../../platform/store/store.ts';

export const backupMigrations: Migrations = {
  'backups-1-records': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('backup_record')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('target', 'text', (column) => column.notNull())
        .addColumn('file', 'text')
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('bytes', 'bigint')
        .addColumn('sha256', 'text')
        .addColumn('started_at', 'bigint', (column) => column.notNull())
        .addColumn('finished_at', 'bigint')
        .addColumn('message', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('backup_record_age')
        .on('backup_record')
        .columns(['target', 'started_at'])
        .execute();
    },
  },
  'backups-2-turns': {
    async up(db: Kysely<never>) {
      await db.schema.alterTable('backup_record').addColumn('owner', 'text').execute();
      await db.schema
        .createTable('backup_turn')
        .addColumn('target', 'text', (column) => column.primaryKey())
        .addColumn('due_at', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
};
