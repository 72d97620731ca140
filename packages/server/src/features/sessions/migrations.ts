import { sql, type CreateTableBuilder, type Kysely } from 'kysely';
import { isPostgres } from '../../platform/store/columns.ts';
import type { Migrations } from '../../platform/store/store.ts';

/** Rows lie in the order of their key: a page of a log is read in one piece. PostgreSQL has no such thing. */
const byKey = <T extends string, C extends string>(db: Kysely<never>, table: CreateTableBuilder<T, C>) =>
  isPostgres(db) ? table : table.modifyEnd(sql`without rowid`);

export const sessionMigrations: Migrations = {
  'sessions-1-sessions': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('session')
        .addColumn('session_id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('tenant', 'text', (column) => column.notNull())
        .addColumn('owner_device_id', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('active_at', 'bigint', (column) => column.notNull())
        .addColumn('last_event_at', 'bigint')
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('phase', 'text', (column) => column.notNull())
        .addColumn('phase_reason', 'text', (column) => column.notNull())
        .addColumn('title', 'text', (column) => column.notNull())
        .addColumn('skills', 'text', (column) => column.notNull())
        .addColumn('metadata', 'text', (column) => column.notNull())
        .addColumn('progress', 'double precision', (column) => column.notNull())
        .addColumn('current_skill', 'text')
        .addColumn('agent', 'text')
        .addColumn('start_time', 'text')
        .addColumn('cost_microusd', 'bigint', (column) => column.notNull())
        .addColumn('tokens_input', 'bigint', (column) => column.notNull())
        .addColumn('tokens_cached', 'bigint', (column) => column.notNull())
        .addColumn('tokens_output', 'bigint', (column) => column.notNull())
        .addColumn('head_seq', 'bigint', (column) => column.notNull())
        .addColumn('trimmed_seq', 'bigint', (column) => column.notNull())
        .addColumn('pending_decisions', 'integer', (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('session_by_activity')
        .on('session')
        .columns(['active_at', 'session_id'])
        .execute();
      await byKey(
        db,
        db.schema
          .createTable('session_event')
          .addColumn('session_id', 'text', (column) => column.notNull())
          .addColumn('seq', 'bigint', (column) => column.notNull())
          .addColumn('event_id', 'text', (column) => column.notNull())
          .addColumn('ts', 'bigint', (column) => column.notNull())
          .addColumn('type', 'text', (column) => column.notNull())
          .addColumn('actor', 'text', (column) => column.notNull())
          .addColumn('command_id', 'text')
          .addColumn('payload', 'text', (column) => column.notNull())
          .addPrimaryKeyConstraint('session_event_key', ['session_id', 'seq']),
      ).execute();
      await db.schema
        .createIndex('session_event_by_id')
        .unique()
        .on('session_event')
        .columns(['session_id', 'event_id'])
        .execute();
      await db.schema
        .createTable('session_command')
        .addColumn('session_id', 'text', (column) => column.notNull())
        .addColumn('command_id', 'text', (column) => column.notNull())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('args', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('actor', 'text', (column) => column.notNull())
        .addColumn('expected_seq', 'bigint')
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('deadline', 'bigint', (column) => column.notNull())
        .addColumn('delivered_at', 'bigint')
        .addColumn('settled_at', 'bigint')
        .addColumn('epoch', 'bigint')
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('note', 'text', (column) => column.notNull())
        .addColumn('evidence', 'text')
        .addColumn('idempotent', 'integer', (column) => column.notNull())
        .addColumn('answer', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('session_command_key', ['session_id', 'command_id'])
        .execute();
      await db.schema
        .createIndex('session_command_by_state')
        .on('session_command')
        .columns(['state', 'deadline'])
        .execute();
      await db.schema
        .createTable('session_decision')
        .addColumn('session_id', 'text', (column) => column.notNull())
        .addColumn('decision_id', 'text', (column) => column.notNull())
        .addColumn('tenant', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('opened_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint')
        .addColumn('data', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('session_decision_key', ['session_id', 'decision_id'])
        .execute();
      await db.schema
        .createIndex('session_decision_by_state')
        .on('session_decision')
        .columns(['state', 'opened_at'])
        .execute();
      await db.schema
        .createIndex('session_decision_by_id')
        .on('session_decision')
        .column('decision_id')
        .execute();
      await db.schema
        .createTable('session_lease')
        .addColumn('session_id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('holder', 'text', (column) => column.notNull())
        .addColumn('device_id', 'text', (column) => column.notNull())
        .addColumn('epoch', 'bigint', (column) => column.notNull())
        .addColumn('acquired_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('idempotent', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('session_checkpoint')
        .addColumn('session_id', 'text', (column) => column.notNull())
        .addColumn('checkpoint_id', 'text', (column) => column.notNull())
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('session_checkpoint_key', ['session_id', 'checkpoint_id'])
        .execute();
      await db.schema
        .createTable('session_skill')
        .addColumn('tenant', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('updated_at', 'bigint', (column) => column.notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('session_skill_key', ['tenant', 'name'])
        .execute();
      await db.schema
        .createTable('session_purge')
        .addColumn('session_id', 'text', (column) => column.primaryKey().notNull())
        .execute();
    },
  },
  'sessions-2-file-events': {
    async up(db: Kysely<never>) {
      // Few of a log's events: its files are listed without going through all of it, and other events pay nothing.
      await sql`create index session_file_event on session_event (substr(type, 1, 5), session_id, seq) where substr(type, 1, 5) = 'file:'`.execute(
        db,
      );
    },
  },
  'sessions-3-commands-of-a-session': {
    async up(db: Kysely<never>) {
      // What is open and what came last, without going through all commands that the session ever had.
      await db.schema
        .createIndex('session_command_open')
        .on('session_command')
        .columns(['session_id', 'state', 'seq'])
        .execute();
      await db.schema
        .createIndex('session_command_by_seq')
        .on('session_command')
        .columns(['session_id', 'seq'])
        .execute();
    },
  },
};
