import { existsSync, mkdirSync, readdirSync, statfsSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../../kernel/log.ts';
import { createPrivate } from '../../../platform/store/sqlite/create-private.ts';
import { isCorrupt, mapSqliteError } from '../../../platform/store/sqlite/errors.ts';
import { findDamage } from '../../../platform/store/sqlite/integrity.ts';
import type { SqliteHandle } from '../../../platform/store/sqlite/node-sqlite.ts';
import { openConnection } from '../../../platform/store/sqlite/open-connection.ts';
import { prepareFile } from '../../../platform/store/sqlite/prepare-file.ts';
import { setAside } from '../../../platform/store/sqlite/set-aside.ts';
import {
  levels,
  monthOf,
  monthsOf,
  slotsOf,
  type BlockRow,
  type Level,
  type Partition,
  type SeriesStorage,
  type StoredSeries,
} from './storage.ts';

/** Months that are open at a time. */
const maxOpen = 24;
/** What each open file keeps of itself in memory, KB. */
const cacheKb = 1_000;
/** Keys that are asked for in one statement. */
const maxKeys = 10_000;
/** A row's key: its place in the month, then its series, so that every hour is appended at the end of the file. */
const seriesRoom = 2 ** 24;
const fileName = /^(\d{4}-\d{2})-(raw|1m|1h|1d)\.db$/;

/**
 * One file for the journal and one for each level and month: a month is forgotten by removing its file. Damaged files
 * are put aside; the others go on. Alone with its folder: another process that comes shares the lock and must not write.
 */
export async function openSqliteStorage(folder: string, log: Log): Promise<SeriesStorage> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const journalPath = join(folder, 'journal.db');
  const { presence } = await prepareFile(journalPath, log);
  const journal = openConnection(journalPath, false, cacheKb);
  journal.exec(
    `create table if not exists series (id integer primary key, name text not null, target text not null,
       scale real not null, bits integer not null, unique (name, target));
     create table if not exists journal (id integer primary key, last_hour integer not null, data blob not null)`,
  );
  const open = new Map<string, SqliteHandle>();
  /** Files that were looked through since the start. */
  const checked = new Set<string>();
  const touched = new Set<SqliteHandle>([journal]);

  const pathOf = (level: Level, month: string) => join(folder, `${month}-${level}.db`);

  function close(path: string): void {
    const handle = open.get(path);
    open.delete(path);
    if (handle) touched.delete(handle);
    try {
      handle?.close();
    } catch (thrown) {
      log.warn({ err: thrown, path }, 'A month of history could not be closed cleanly');
    }
  }

  function quarantine(path: string, reason: string): void {
    close(path);
    const quarantined = setAside(path, 'quarantine', Date.now());
    log.error({ path, quarantined, reason }, 'A month of history was damaged and was put aside');
  }

  /** The file of a month; null when there is none and none is wanted. */
  function partition(path: string, writing: boolean): SqliteHandle | null {
    const known = open.get(path);
    if (known) {
      open.delete(path);
      open.set(path, known);
      return known;
    }
    if (!writing && !existsSync(path)) return null;
    if (writing && !checked.has(path)) {
      checked.add(path);
      const damage = findDamage(path);
      if (damage !== null) quarantine(path, damage);
      createPrivate(path);
    }
    const handle = openConnection(path, false, cacheKb);
    open.set(path, handle);
    handle.exec('create table if not exists block (id integer primary key, data blob not null)');
    for (const oldest of open.keys()) {
      if (open.size <= maxOpen) break;
      close(oldest);
    }
    return handle;
  }

  /** What a damaged file would have answered is nothing: a gap, and a line in the log. */
  function guarded<T, Otherwise>(path: string, otherwise: Otherwise, work: () => T): T | Otherwise {
    try {
      return work();
    } catch (thrown) {
      if (!isCorrupt(thrown)) throw mapSqliteError(thrown, path);
      quarantine(path, thrown instanceof Error ? thrown.message : String(thrown));
      return otherwise;
    }
  }

  function inTransaction(handle: SqliteHandle, work: () => void): void {
    touched.add(handle);
    handle.exec('BEGIN IMMEDIATE');
    try {
      work();
      handle.exec('COMMIT');
    } catch (thrown) {
      if (handle.inTransaction) handle.exec('ROLLBACK');
      throw thrown;
    }
  }

  const allSeries = (): StoredSeries[] =>
    journal.run('select id, name, target, scale, bits from series order by id', [])
      .rows as unknown as StoredSeries[];

  function readPart(
    level: Level,
    series: readonly number[] | null,
    part: { month: string; from: number; to: number },
  ): BlockRow[] {
    const path = pathOf(level, part.month);
    return guarded(path, [], () => {
      const handle = partition(path, false);
      if (!handle) return [];
      const { from: first } = slotsOf(level, part.month);
      const rows: BlockRow[] = [];
      const take = (row: Record<string, unknown>) => {
        const id = Number(row['id']);
        rows.push({
          series: id % seriesRoom,
          slot: first + Math.floor(id / seriesRoom),
          data: row['data'] as Uint8Array,
        });
      };
      if (series === null) {
        const bounds = [(part.from - first) * seriesRoom, (part.to - first) * seriesRoom];
        handle
          .run('select id, data from block where id >= ? and id < ? order by id', bounds)
          .rows.forEach(take);
        return rows;
      }
      const keys: number[] = [];
      for (let slot = part.from; slot < part.to; slot += 1)
        for (const id of series) keys.push((slot - first) * seriesRoom + id);
      for (let at = 0; at < keys.length; at += maxKeys)
        handle
          .run('select id, data from block where id in (select value from json_each(?)) order by id', [
            JSON.stringify(keys.slice(at, at + maxKeys)),
          ])
          .rows.forEach(take);
      return rows;
    });
  }

  return {
    series: async () => allSeries(),
    async ensure(wanted) {
      guarded(journalPath, undefined, () =>
        inTransaction(journal, () => {
          for (const { name, target, scale, bits } of wanted)
            journal.run(
              'insert into series (name, target, scale, bits) values (?, ?, ?, ?) on conflict do nothing',
              [name, target, scale, bits],
            );
        }),
      );
      return allSeries();
    },
    async journal(data, lastHour) {
      try {
        journal.run('insert into journal (last_hour, data) values (?, ?)', [lastHour, data]);
      } catch (thrown) {
        throw mapSqliteError(thrown, journalPath);
      }
    },
    readJournal: async () =>
      journal.run('select data from journal order by id', []).rows.map((row) => row['data'] as Uint8Array),
    async clearJournal(beforeHour) {
      journal.run('delete from journal where last_hour < ?', [beforeHour]);
    },
    async write(level, rows) {
      const byMonth = Map.groupBy(rows, ({ slot }) => monthOf(level, slot));
      for (const [month, part] of byMonth) {
        const path = pathOf(level, month);
        const { from: first } = slotsOf(level, month);
        const put = () => {
          const handle = partition(path, true);
          if (!handle) return;
          inTransaction(handle, () => {
            for (const { series, slot, data } of part)
              handle.run('insert or replace into block (id, data) values (?, ?)', [
                (slot - first) * seriesRoom + series,
                data,
              ]);
          });
        };
        // A damaged month is put aside and begun anew: what is new must not be lost with what is old.
        if (guarded(path, 'damaged', put) === 'damaged') guarded(path, undefined, put);
      }
    },
    async read(level, series, from, to) {
      return monthsOf(level, from, to).flatMap((part) => readPart(level, series, part));
    },
    async partitions() {
      return readdirSync(folder).flatMap((name): Partition[] => {
        const [, month, level] = fileName.exec(name) ?? [];
        if (month === undefined || !levels.includes(level as Level)) return [];
        return [{ month, level: level as Level, bytes: statSync(join(folder, name)).size }];
      });
    },
    async drop(level, month) {
      const path = pathOf(level, month);
      close(path);
      for (const suffix of ['-wal', '-shm', '']) if (existsSync(path + suffix)) unlinkSync(path + suffix);
      checked.delete(path);
    },
    freeBytes() {
      try {
        const { bavail, bsize } = statfsSync(folder);
        return bavail * bsize;
      } catch {
        return null;
      }
    },
    async settle() {
      for (const handle of touched) {
        try {
          handle.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        } catch {
          // A reader is at it, or the disk is full: the next one comes.
        }
      }
      touched.clear();
      touched.add(journal);
    },
    async close() {
      for (const path of open.keys()) close(path);
      journal.close();
      presence.close();
    },
  };
}
