import type { Kysely } from 'kysely';
import type { Migrations } from '../store/store.ts';

export const presenceMigrations: Migrations = {
  'presence-1-controls': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('control_presence')
        .addColumn('instance', 'text', (column) => column.primaryKey().notNull())
        .addColumn('place', 'text')
        .addColumn('pid', 'integer', (column) => column.notNull())
        .addColumn('start_time', 'text')
        .addColumn('alive_until', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
};
