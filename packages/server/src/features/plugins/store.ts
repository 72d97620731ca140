import type { EventData, PluginIndexEntry, SignedPluginIndex } from '@vigiles/contract';
import type { EventLog, EventTransaction } from '../../platform/event-log/index.ts';
import { fromJson, isUniqueViolation, toJson, type Store } from '../../platform/store/index.ts';
import type { Installed } from './core/release.ts';
import type { PluginTables } from './tables.ts';

type Change = EventData<'plugin.changed'>;
type Row = PluginTables['plugin_installed'];

export interface IndexPage {
  number: number;
  sha512: string;
  body: string;
}

/** What is known of a registry. */
export interface SeenRegistry {
  name: string;
  url: string;
  version: number | null;
  headSha512: string | null;
  expiresAt: number | null;
  checkedAt: number;
  problem: string | null;
}

const toInstalled = (row: Row): Installed => ({
  id: row.id,
  version: row.version,
  source: row.source,
  sha512: row.sha512,
  manifest: fromJson(row.manifest),
  granted: fromJson(row.granted),
  folder: row.folder,
  enabled: row.enabled === 1,
  problem: row.problem,
  previous: row.previous === null ? null : fromJson(row.previous),
  heldBack: row.held_back,
  told: row.told,
  installedAt: row.installed_at,
  updatedAt: row.updated_at,
});

const toRow = (place: string, one: Installed): Row => ({
  place,
  id: one.id,
  version: one.version,
  source: one.source,
  sha512: one.sha512,
  manifest: toJson(one.manifest),
  granted: toJson(one.granted),
  folder: one.folder,
  enabled: one.enabled ? 1 : 0,
  problem: one.problem,
  previous: one.previous === null ? null : toJson(one.previous),
  held_back: one.heldBack,
  told: one.told,
  installed_at: one.installedAt,
  updated_at: one.updatedAt,
});

/** The only SQL of plugins. @param place names the folder that the files of these rows lie in */
export function createPluginStore(store: Store, events: EventLog, place: string) {
  type Tx = EventTransaction<PluginTables>;
  const db = () => store.db<PluginTables>();
  const durable = { durable: true } as const;

  async function write({ db: trx }: Tx, one: Installed): Promise<void> {
    const { place: _place, id: _id, ...fields } = toRow(place, one);
    await trx
      .insertInto('plugin_installed')
      .values({ place, id: one.id, ...fields })
      .onConflict((conflict) => conflict.columns(['place', 'id']).doUpdateSet(fields))
      .execute();
  }

  async function putPages({ db: trx }: Tx, source: string, pages: readonly IndexPage[]): Promise<void> {
    for (const { number, sha512, body } of pages)
      await trx
        .insertInto('plugin_index_page')
        .values({ place, source, number, sha512, body })
        .onConflict((conflict) =>
          conflict.columns(['place', 'source', 'number']).doUpdateSet({ sha512, body }),
        )
        .execute();
  }

  return {
    /** Every published version, in the order of publication. */
    async published(): Promise<PluginIndexEntry[]> {
      const rows = await db()
        .selectFrom('plugin_package')
        .select('entry')
        .where('place', '=', place)
        .orderBy('seq')
        .execute();
      return rows.map(({ entry }) => fromJson(entry));
    },
    async index(): Promise<{ version: number; issuedAt: number; signed: SignedPluginIndex } | null> {
      const row = await db()
        .selectFrom('plugin_index')
        .selectAll()
        .where('place', '=', place)
        .executeTakeFirst();
      return row ? { version: row.version, issuedAt: row.issued_at, signed: fromJson(row.signed) } : null;
    },
    pages(source: string): Promise<IndexPage[]> {
      return db()
        .selectFrom('plugin_index_page')
        .select(['number', 'sha512', 'body'])
        .where('place', '=', place)
        .where('source', '=', source)
        .orderBy('number')
        .execute();
    },
    /** One page of ours; undefined: there is none of that number. */
    page(number: number): Promise<IndexPage | undefined> {
      return db()
        .selectFrom('plugin_index_page')
        .select(['number', 'sha512', 'body'])
        .where('place', '=', place)
        .where('source', '=', 'local')
        .where('number', '=', number)
        .executeTakeFirst();
    },
    /**
     * A new version with the index that names it, or, without one, the same index for longer. False: the version is there
     * already, and nothing has changed.
     */
    async publish(
      head: { version: number; issuedAt: number; expiresAt: number; signed: SignedPluginIndex },
      page: IndexPage | null,
      added: { entry: PluginIndexEntry; seq: number; publisher: string } | null,
    ): Promise<boolean> {
      const row = {
        version: head.version,
        issued_at: head.issuedAt,
        expires_at: head.expiresAt,
        signed: toJson(head.signed),
      };
      try {
        await events.transaction<PluginTables, void>(async (tx) => {
          if (added) {
            const { entry, seq, publisher } = added;
            const { id, version } = entry.manifest;
            await tx.db
              .insertInto('plugin_package')
              .values({ place, id, version, seq, entry: toJson(entry), publisher })
              .execute();
            const data: Change = { id, change: 'published', version, from_version: null, source: 'local' };
            tx.append('plugin.changed', { actor: publisher, subject: id, data });
          }
          if (page) await putPages(tx, 'local', [page]);
          await tx.db
            .insertInto('plugin_index')
            .values({ place, ...row })
            .onConflict((conflict) => conflict.column('place').doUpdateSet(row))
            .execute();
        }, durable);
        return true;
      } catch (thrown) {
        if (isUniqueViolation(thrown)) return false;
        throw thrown;
      }
    },
    async registries(): Promise<SeenRegistry[]> {
      const rows = await db().selectFrom('plugin_registry').selectAll().where('place', '=', place).execute();
      return rows.map((row) => ({
        name: row.name,
        url: row.url,
        version: row.version,
        headSha512: row.head_sha512,
        expiresAt: row.expires_at,
        checkedAt: row.checked_at,
        problem: row.problem,
      }));
    },
    /** What was read of a registry; `pages` are those that are new, `count` how many it has now. */
    async sawRegistry(
      seen: SeenRegistry,
      read: { pages: readonly IndexPage[]; count: number } | null,
      refused: { code: string; message: string } | null,
    ): Promise<void> {
      const row = {
        url: seen.url,
        version: seen.version,
        head_sha512: seen.headSha512,
        expires_at: seen.expiresAt,
        checked_at: seen.checkedAt,
        problem: seen.problem,
      };
      await events.transaction<PluginTables, void>(async (tx) => {
        if (read) {
          await putPages(tx, seen.name, read.pages);
          await tx.db
            .deleteFrom('plugin_index_page')
            .where('place', '=', place)
            .where('source', '=', seen.name)
            .where('number', '>=', read.count)
            .execute();
        }
        await tx.db
          .insertInto('plugin_registry')
          .values({ place, name: seen.name, ...row })
          .onConflict((conflict) => conflict.columns(['place', 'name']).doUpdateSet(row))
          .execute();
        if (refused) {
          const data = { registry: seen.name, ...refused };
          tx.append('plugin.registry_refused', { actor: 'plugins', subject: seen.name, data });
        }
      });
    },
    async installed(): Promise<Installed[]> {
      const rows = await db()
        .selectFrom('plugin_installed')
        .selectAll()
        .where('place', '=', place)
        .orderBy('id')
        .execute();
      return rows.map(toInstalled);
    },
    /** Writes what is installed now, with what people are told about it; all of it or nothing. */
    async change(
      written: readonly { plugin: Installed; change: Omit<Change, 'id' | 'version' | 'source'> | null }[],
      actor: string,
    ): Promise<void> {
      await events.transaction<PluginTables, void>(async (tx) => {
        for (const { plugin, change } of written) {
          await write(tx, plugin);
          const { id, version, source } = plugin;
          if (change)
            tx.append('plugin.changed', { actor, subject: id, data: { id, version, source, ...change } });
        }
      }, durable);
    },
    /** That people were told of a version that waits for their consent; not of a plugin that is another by now. */
    async told(plugin: Installed, waits: EventData<'plugin.update_waits'>): Promise<void> {
      await events.transaction<PluginTables, void>(async (tx) => {
        const known = await tx.db
          .updateTable('plugin_installed')
          .set({ told: waits.version })
          .where('place', '=', place)
          .where('id', '=', plugin.id)
          .where('version', '=', plugin.version)
          .executeTakeFirst();
        if (known.numUpdatedRows === 0n) return;
        tx.append('plugin.update_waits', { actor: 'plugins', subject: plugin.id, data: waits });
      });
    },
    async remove({ id, version, source }: Installed, actor: string): Promise<void> {
      await events.transaction<PluginTables, void>(async (tx) => {
        await tx.db.deleteFrom('plugin_installed').where('place', '=', place).where('id', '=', id).execute();
        const data: Change = { id, change: 'uninstalled', version, from_version: version, source };
        tx.append('plugin.changed', { actor, subject: id, data });
      }, durable);
    },
  };
}

export type PluginStore = ReturnType<typeof createPluginStore>;
