import type { Kysely } from 'kysely';
import type { Migrations } from '../../../platform/store/index.ts';
import type { WatchdogTables } from '../tables.ts';

const page = 500;

/** Whose stories they are, where several controls share a database. */
export const ownersMigration: Migrations[string] = {
  async up(db: Kysely<never>) {
    const owner = db.schema.alterTable('incident');
    await owner.addColumn('owner', 'text', (column) => column.notNull().defaultTo('')).execute();
  },
};

/** Incidents about anything, not only services: what they are found by. */
export const storiesMigration: Migrations[string] = {
  async up(any: Kysely<never>) {
    for (const name of ['story', 'fault', 'severity', 'words']) {
      await any.schema
        .alterTable('incident')
        .addColumn(name, 'text', (column) => column.notNull().defaultTo(''))
        .execute();
    }
    await any.schema
      .createIndex('incident_by_closing')
      .on('incident')
      .columns(['state', 'closed_at'])
      .execute();
    await any.schema
      .createIndex('incident_by_fault')
      .on('incident')
      .columns(['fault', 'opened_at'])
      .execute();
    await any.schema.alterTable('incident').addColumn('fingerprint', 'text').execute();
    const pattern = any.schema.createIndex('incident_by_pattern').on('incident');
    await pattern.columns(['fingerprint', 'opened_at']).execute();
    const db = any as unknown as Kysely<WatchdogTables>;
    let last = '';
    for (;;) {
      const rows = await db
        .selectFrom('incident')
        .select(['id', 'service', 'data'])
        .where('id', '>', last)
        .orderBy('id')
        .limit(page)
        .execute();
      for (const { id, service, data } of rows) {
        const { incident } = JSON.parse(data) as {
          incident: { fault_code: string; title: string; severity: string };
        };
        const { fault_code: fault, severity, title } = incident;
        const words = `${title} ${service} ${fault} ${id}`.toLowerCase();
        await db
          .updateTable('incident')
          .set({ story: service, fault, severity, words })
          .where('id', '=', id)
          .execute();
      }
      last = rows.at(-1)?.id ?? '';
      if (rows.length < page) return;
    }
  },
};
