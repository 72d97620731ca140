import type { Kysely } from 'kysely';
import type { Migrations } from '../../platform/store/store.ts';

export const portMigrations: Migrations = {
  'ports-1-names': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('port_name')
        .addColumn('machine', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('port', 'integer')
        .addColumn('environment', 'text', (column) => column.notNull())
        .addColumn('service', 'text')
        .addColumn('folder', 'text')
        .addColumn('owner', 'text')
        .addColumn('expires_at', 'bigint')
        .addColumn('updated_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('port_name_key', ['machine', 'name'])
        .addUniqueConstraint('port_name_port', ['machine', 'port'])
        .execute();
    },
  },
};
