import type { Kysely } from 'kysely';
import type { Migrations } from '../../platform/store/store.ts';

export const githubMigrations: Migrations = {
  'github-1-deliveries': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('github_delivery')
        .addColumn('delivery_id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('subject', 'text', (column) => column.unique())
        .addColumn('event', 'text', (column) => column.notNull())
        .addColumn('action', 'text')
        .addColumn('repository', 'text', (column) => column.notNull())
        .addColumn('received_at', 'bigint', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('next_at', 'bigint', (column) => column.notNull())
        .addColumn('error', 'text')
        .addColumn('facts', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('github_delivery_by_state')
        .on('github_delivery')
        .columns(['state', 'next_at'])
        .execute();
      await db.schema
        .createIndex('github_delivery_by_time')
        .on('github_delivery')
        .column('received_at')
        .execute();
      await db.schema
        .createTable('github_repository')
        .addColumn('repository', 'text', (column) => column.primaryKey().notNull())
        .addColumn('first_seen_at', 'bigint', (column) => column.notNull())
        .addColumn('last_delivery_at', 'bigint')
        .addColumn('polled_at', 'bigint')
        .addColumn('etag', 'text')
        .execute();
    },
  },
  'github-2-runs': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('ci_run')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('repository', 'text', (column) => column.notNull())
        .addColumn('workflow', 'text', (column) => column.notNull())
        .addColumn('branch', 'text', (column) => column.notNull())
        .addColumn('head_sha', 'text', (column) => column.notNull())
        .addColumn('run_number', 'bigint', (column) => column.notNull())
        .addColumn('attempt', 'integer', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('started_at', 'bigint', (column) => column.notNull())
        .addColumn('finished_at', 'bigint')
        .addColumn('data', 'text', (column) => column.notNull())
        .execute();
      await db.schema.createIndex('ci_run_by_time').on('ci_run').columns(['started_at', 'id']).execute();
      await db.schema
        .createIndex('ci_run_by_commit')
        .on('ci_run')
        .columns(['repository', 'workflow', 'head_sha'])
        .execute();
      await db.schema
        .createTable('ci_attempt')
        .addColumn('run_id', 'text', (column) => column.notNull())
        .addColumn('attempt', 'integer', (column) => column.notNull())
        .addColumn('repository', 'text', (column) => column.notNull())
        .addColumn('workflow', 'text', (column) => column.notNull())
        .addColumn('head_sha', 'text', (column) => column.notNull())
        .addColumn('conclusion', 'text')
        .addColumn('kind', 'text')
        .addColumn('answer', 'text')
        .addColumn('healed', 'integer', (column) => column.notNull())
        .addColumn('started_at', 'bigint', (column) => column.notNull())
        .addColumn('finished_at', 'bigint')
        .addColumn('url', 'text', (column) => column.notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('ci_attempt_key', ['run_id', 'attempt'])
        .execute();
      await db.schema.createIndex('ci_attempt_by_end').on('ci_attempt').column('finished_at').execute();
      await db.schema
        .createIndex('ci_attempt_by_commit')
        .on('ci_attempt')
        .columns(['repository', 'workflow', 'head_sha'])
        .execute();
      await db.schema
        .createTable('ci_retry')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('run_id', 'text', (column) => column.notNull())
        .addColumn('attempt', 'integer', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('repository', 'text', (column) => column.notNull())
        .addColumn('workflow', 'text', (column) => column.notNull())
        .addColumn('head_sha', 'text', (column) => column.notNull())
        .addColumn('by_actor', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('asked_at', 'bigint', (column) => column.notNull())
        .addColumn('next_at', 'bigint', (column) => column.notNull())
        .addColumn('settled_at', 'bigint')
        .addColumn('data', 'text', (column) => column.notNull())
        .addUniqueConstraint('ci_retry_once', ['run_id', 'attempt', 'kind'])
        .execute();
      await db.schema
        .createIndex('ci_retry_by_commit')
        .on('ci_retry')
        .columns(['repository', 'workflow', 'head_sha'])
        .execute();
      await db.schema.createIndex('ci_retry_by_time').on('ci_retry').column('asked_at').execute();
      await db.schema
        .createTable('ci_flaky')
        .addColumn('repository', 'text', (column) => column.notNull())
        .addColumn('workflow', 'text', (column) => column.notNull())
        .addColumn('job', 'text', (column) => column.notNull())
        .addColumn('test', 'text', (column) => column.notNull())
        .addColumn('flips', 'integer', (column) => column.notNull())
        .addColumn('failures', 'integer', (column) => column.notNull())
        .addColumn('first_at', 'bigint', (column) => column.notNull())
        .addColumn('last_at', 'bigint', (column) => column.notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('ci_flaky_key', ['repository', 'workflow', 'job', 'test'])
        .execute();
    },
  },
  'github-3-owners': {
    async up(db: Kysely<never>) {
      await db.schema.alterTable('github_delivery').addColumn('owner', 'text').execute();
      await db.schema.alterTable('ci_retry').addColumn('owner', 'text').execute();
    },
  },
};
