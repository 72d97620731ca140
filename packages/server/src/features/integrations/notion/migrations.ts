import type { Kysely } from 'kysely';
import type { Migrations } from '../../../platform/store/store.ts';

export const notionMigrations: Migrations = {
  'notion-1-pages': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('notion_page')
        .addColumn('page', 'text', (column) => column.primaryKey().notNull())
        .addColumn('file', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('local_hash', 'text')
        .addColumn('remote_hash', 'text')
        .addColumn('synced_at', 'bigint')
        .addColumn('note', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('notion_conflict')
        .addColumn('page', 'text', (column) => column.primaryKey().notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('file', 'text', (column) => column.notNull())
        .addColumn('local_text', 'text', (column) => column.notNull())
        .addColumn('remote_text', 'text', (column) => column.notNull())
        .addColumn('found_at', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('notion_event')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('received_at', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
  'notion-2-folders': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('notion_base')
        .addColumn('page', 'text', (column) => column.notNull())
        .addColumn('folder', 'text', (column) => column.notNull())
        .addColumn('file', 'text', (column) => column.notNull())
        .addColumn('local_hash', 'text', (column) => column.notNull())
        .addColumn('remote_hash', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('notion_base_key', ['page', 'folder'])
        .execute();
      await db.schema.alterTable('notion_page').dropColumn('local_hash').execute();
      await db.schema.alterTable('notion_page').dropColumn('remote_hash').execute();
    },
  },
};
