import type { Kysely } from 'kysely';
import type { Migrations } from '../../platform/store/store.ts';

export const pluginMigrations: Migrations = {
  'plugins-1-repository': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('plugin_package')
        .addColumn('place', 'text', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('version', 'text', (column) => column.notNull())
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('entry', 'text', (column) => column.notNull())
        .addColumn('publisher', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('plugin_package_key', ['place', 'id', 'version'])
        .addUniqueConstraint('plugin_package_seq', ['place', 'seq'])
        .execute();
      await db.schema
        .createTable('plugin_index')
        .addColumn('place', 'text', (column) => column.primaryKey().notNull())
        .addColumn('version', 'bigint', (column) => column.notNull())
        .addColumn('issued_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('signed', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('plugin_index_page')
        .addColumn('place', 'text', (column) => column.notNull())
        .addColumn('source', 'text', (column) => column.notNull())
        .addColumn('number', 'integer', (column) => column.notNull())
        .addColumn('sha512', 'text', (column) => column.notNull())
        .addColumn('body', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('plugin_index_page_key', ['place', 'source', 'number'])
        .execute();
      await db.schema
        .createTable('plugin_registry')
        .addColumn('place', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('url', 'text', (column) => column.notNull())
        .addColumn('version', 'bigint')
        .addColumn('head_sha512', 'text')
        .addColumn('expires_at', 'bigint')
        .addColumn('checked_at', 'bigint', (column) => column.notNull())
        .addColumn('problem', 'text')
        .addPrimaryKeyConstraint('plugin_registry_key', ['place', 'name'])
        .execute();
      await db.schema
        .createTable('plugin_installed')
        .addColumn('place', 'text', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('version', 'text', (column) => column.notNull())
        .addColumn('source', 'text', (column) => column.notNull())
        .addColumn('sha512', 'text', (column) => column.notNull())
        .addColumn('manifest', 'text', (column) => column.notNull())
        .addColumn('granted', 'text', (column) => column.notNull())
        .addColumn('folder', 'text', (column) => column.notNull())
        .addColumn('enabled', 'integer', (column) => column.notNull())
        .addColumn('problem', 'text')
        .addColumn('previous', 'text')
        .addColumn('held_back', 'text')
        .addColumn('told', 'text')
        .addColumn('installed_at', 'bigint', (column) => column.notNull())
        .addColumn('updated_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('plugin_installed_key', ['place', 'id'])
        .execute();
    },
  },
};
