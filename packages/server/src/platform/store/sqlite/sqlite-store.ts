import { randomUUID } from 'node:crypto';
import { Kysely, type Transaction } from 'kysely';
import type { Log } from '../../../kernel/log.ts';
import { withSqliteSource } from '../backup/sqlite-source.ts';
import { writeBackup } from '../backup/write-backup.ts';
import { migrate, refuseUnmigrated } from '../migrate.ts';
import type { Migrations, NewSchema, Store, WriteOptions } from '../store.ts';
import { createBackground } from './background.ts';
import { createCommitWatch, type CommitWatch } from './commit-watch.ts';
import { openCore } from './core.ts';
import { inTransaction } from './in-transaction.ts';
import { createSqliteDialect } from './dialect.ts';
import type { SqliteHandle } from './node-sqlite.ts';
import { prepareFile, type PreparedFile } from './prepare-file.ts';

export interface SqliteStoreOptions {
  path: string;
  migrations: Migrations;
  newSchema?: () => Promise<NewSchema>;
  log: Log;
  readOnly?: boolean;
  lockWaitMs?: number;
}

/** Opens the file, puts it aside first when it is broken, and migrates it. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { path, log, readOnly = false } = options;
  if (readOnly) return openPrepared(options, null);
  const prepared = await prepareFile(path, log);
  try {
    return await openPrepared(options, prepared);
  } catch (thrown) {
    prepared.presence.close();
    throw thrown;
  }
}

async function openPrepared(options: SqliteStoreOptions, prepared: PreparedFile | null): Promise<Store> {
  const { path, migrations, newSchema, log, readOnly = false, lockWaitMs = 5_000 } = options;
  let watch: CommitWatch | null = null;
  const background = createBackground(path);
  const onCommitted = () => {
    background.committed();
    watch?.tell();
  };
  const core = openCore({
    path,
    readOnly,
    lockWaitMs,
    onCommitted,
  });
  watch = createCommitWatch(
    () => core.writer,
    (thrown) => log.error({ err: thrown }, 'A commit listener failed'),
  );
  const relaxed = new Kysely<never>({ dialect: createSqliteDialect(core, false) });
  const durable = new Kysely<never>({ dialect: createSqliteDialect(core, true) });
  let closed = false;
  try {
    if (readOnly) await refuseUnmigrated(relaxed, migrations);
    else {
      await durable.transaction().execute(async (trx) => {
        if (newSchema && isEmpty(core.writer)) fill(core.writer, await newSchema(), migrations);
        await migrate(trx, migrations);
      });
    }
  } catch (thrown) {
    await core.close();
    throw thrown;
  }

  return {
    dialect: 'sqlite',
    instance: randomUUID(),
    quarantined: prepared?.quarantined ?? null,
    db: <Tables>() => relaxed as unknown as Kysely<Tables>,
    transaction: <Tables, R>(work: (trx: Transaction<Tables>) => Promise<R>, how?: WriteOptions) =>
      ((how?.durable ? durable : relaxed) as unknown as Kysely<Tables>).transaction().execute(work),
    statements: (work, how) => inTransaction(core, how?.durable ?? false, work),
    report: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await background.report(sql, parameters)) as Row[],
    backup: (to) => withSqliteSource(path, relaxed, (source) => writeBackup(source, to)),
    onCommit: (changed) => watch.listen(changed),
    async close() {
      if (closed) return;
      closed = true;
      watch.stop();
      await background.close();
      await core.close();
      prepared?.presence.close();
    },
  };
}

const isEmpty = (writer: SqliteHandle): boolean => writer.value('select count(*) from sqlite_master') === 0;

/** All at once, within the open transaction; what was made for other migrations is left to these. */
function fill(writer: SqliteHandle, { migrations: names, sql }: NewSchema, migrations: Migrations): void {
  const same = Object.keys(migrations).toSorted().join() === names.join();
  if (same) writer.exec(sql.join('\n'));
}
