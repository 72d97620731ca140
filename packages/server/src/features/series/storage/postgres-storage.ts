import { randomInt } from 'node:crypto';
import type { Pool } from 'pg';
import { historySchema as schema } from '../../../platform/store/backup/source.ts';
import { mapPostgresError } from '../../../platform/store/postgres/errors.ts';
import { describeUrl, openPool } from '../../../platform/store/postgres/pool.ts';
import {
  levels,
  monthOf,
  slotsOf,
  type BlockRow,
  type Level,
  type Partition,
  type SeriesStorage,
  type StoredSeries,
} from './storage.ts';

/** Advisory locks: one for making tables, and one class whose keys are the owners of journals. */
const makingKey = 7_166_221_002;
const ownerClass = 716_622_103;

const tableOf = (level: Level) => `${schema}.block_${level}`;
const partitionOf = (level: Level, month: string) => `block_${level}_${month.replace('-', '_')}`;

async function makeTables(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [makingKey]);
    await client.query(`create schema if not exists ${schema}`);
    await client.query(
      `create table if not exists ${schema}.series (id integer generated always as identity primary key,
         name text not null, target text not null, scale double precision not null, bits integer not null,
         unique (name, target))`,
    );
    await client.query(
      `create table if not exists ${schema}.journal (id bigint generated always as identity primary key,
         owner integer not null, last_hour bigint not null, data bytea not null)`,
    );
    for (const level of levels) {
      await client.query(
        `create table if not exists ${tableOf(level)} (series integer not null, slot bigint not null,
           data bytea not null, primary key (slot, series)) partition by range (slot)`,
      );
      // It is compressed already.
      await client.query(`alter table ${tableOf(level)} alter column data set storage external`);
    }
    await client.query('commit');
  } finally {
    // Closing the connection ends what did not commit.
    client.release(true);
  }
}

/**
 * Tables of their own schema, partitioned by month. The journal of a control that is gone (its lock is free) is taken
 * over by the next one.
 */
export async function openPostgresStorage(url: string): Promise<SeriesStorage> {
  const where = describeUrl(url);
  const pool = openPool({ url, readOnly: false, max: 3, onIdleError: () => undefined });
  const owner = randomInt(1, 2 ** 31 - 1);
  const made = new Set<string>();

  async function query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    try {
      return (await pool.query(sql, [...parameters])).rows as Row[];
    } catch (thrown) {
      throw mapPostgresError(thrown, where);
    }
  }

  /** Held for as long as the connection lives: says that this journal has somebody who looks after it. */
  const alive = await pool.connect().catch(async (thrown: unknown) => {
    await pool.end();
    throw mapPostgresError(thrown, where);
  });
  try {
    await makeTables(pool);
    await alive.query('select pg_advisory_lock($1, $2)', [ownerClass, owner]);
    for (const { owner: other } of await query<{ owner: number }>(
      `select distinct owner from ${schema}.journal`,
    )) {
      const { rows } = await alive.query<{ free: boolean }>('select pg_try_advisory_lock($1, $2) as free', [
        ownerClass,
        other,
      ]);
      if (!rows[0]?.free) continue;
      await query(`update ${schema}.journal set owner = $1 where owner = $2`, [owner, other]);
      await alive.query('select pg_advisory_unlock($1, $2)', [ownerClass, other]);
    }
  } catch (thrown) {
    alive.release(true);
    await pool.end();
    throw mapPostgresError(thrown, where);
  }

  async function makePartition(level: Level, month: string): Promise<void> {
    const name = partitionOf(level, month);
    if (made.has(name)) return;
    const { from, to } = slotsOf(level, month);
    await query(
      `create table if not exists ${schema}.${name} partition of ${tableOf(level)} for values from (${from}) to (${to})`,
    );
    made.add(name);
  }

  const allSeries = () =>
    query<StoredSeries>(`select id, name, target, scale, bits from ${schema}.series order by id`);

  return {
    series: allSeries,
    async ensure(wanted) {
      await query(
        `insert into ${schema}.series (name, target, scale, bits)
           select * from unnest($1::text[], $2::text[], $3::double precision[], $4::integer[])
           on conflict (name, target) do nothing`,
        [
          wanted.map(({ name }) => name),
          wanted.map(({ target }) => target),
          wanted.map(({ scale }) => scale),
          wanted.map(({ bits }) => bits),
        ],
      );
      return allSeries();
    },
    async journal(data, lastHour) {
      await query(`insert into ${schema}.journal (owner, last_hour, data) values ($1, $2, $3)`, [
        owner,
        lastHour,
        Buffer.from(data),
      ]);
    },
    readJournal: async () =>
      (
        await query<{ data: Buffer }>(`select data from ${schema}.journal where owner = $1 order by id`, [
          owner,
        ])
      ).map(({ data }) => new Uint8Array(data)),
    async clearJournal(beforeHour) {
      await query(`delete from ${schema}.journal where owner = $1 and last_hour < $2`, [owner, beforeHour]);
    },
    async write(level, rows) {
      for (const [month, part] of Map.groupBy(rows, ({ slot }) => monthOf(level, slot))) {
        await makePartition(level, month);
        await query(
          `insert into ${tableOf(level)} (series, slot, data)
             select * from unnest($1::integer[], $2::bigint[], $3::bytea[])
             on conflict (slot, series) do update set data = excluded.data`,
          [
            part.map(({ series }) => series),
            part.map(({ slot }) => slot),
            part.map(({ data }) => Buffer.from(data)),
          ],
        );
      }
    },
    async read(level, series, from, to) {
      // Slots one by one, so that the key's first column does not make it read those of all series.
      const [where, values] =
        series === null
          ? ['slot >= $1 and slot < $2', [from, to]]
          : [
              'slot = any($1::bigint[]) and series = any($2::integer[])',
              [Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at), series],
            ];
      const rows = await query<BlockRow>(
        `select series, slot, data from ${tableOf(level)} where ${where} order by slot, series`,
        values,
      );
      return rows.map(({ series: id, slot, data }) => ({ series: id, slot, data: new Uint8Array(data) }));
    },
    async partitions() {
      const rows = await query<{ name: string; bytes: number }>(
        `select c.relname as name, pg_total_relation_size(c.oid) as bytes
           from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace
           where n.nspname = $1 and c.relkind = 'r'`,
        [schema],
      );
      return rows.flatMap(({ name, bytes }): Partition[] => {
        const [, level, year, month] = /^block_(raw|1m|1h|1d)_(\d{4})_(\d{2})$/.exec(name) ?? [];
        if (level === undefined) return [];
        return [{ level: level as Level, month: `${year}-${month}`, bytes }];
      });
    },
    async drop(level, month) {
      made.delete(partitionOf(level, month));
      await query(`drop table if exists ${schema}.${partitionOf(level, month)}`);
    },
    // The database looks after its own disk.
    freeBytes: () => null,
    settle: () => Promise.resolve(),
    async close() {
      alive.release(true);
      await pool.end();
    },
  };
}
