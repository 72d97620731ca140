import type { Kysely } from 'kysely';
import type { Migrations } from '../../../platform/store/index.ts';

/** What was learned by pattern, and the questions that were put to a model. */
export const knowledgeMigration: Migrations[string] = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('known_pattern')
      .addColumn('fingerprint', 'text', (column) => column.primaryKey().notNull())
      .addColumn('last_at', 'bigint', (column) => column.notNull())
      .addColumn('data', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('diagnosis_call')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('ts', 'bigint', (column) => column.notNull())
      .addColumn('data', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('diagnosis_call_by_time').on('diagnosis_call').column('ts').execute();
  },
};
