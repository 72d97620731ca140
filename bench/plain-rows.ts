import { statSync } from 'node:fs';
import { join } from 'node:path';
import { latencyBlock } from '../packages/server/src/features/series/testing/figures.ts';
import { openConnection } from '../packages/server/src/platform/store/sqlite/open-connection.ts';

const hourMs = 3_600_000;

/**
 * The baseline: a row for each look with an index, as most monitors keep them. Bytes a look, and the milliseconds it takes
 * to draw one target's last 30 days from them (the best of three).
 */
export function plainRows(home: string, end: number): { bytes: number; chartMs: number } {
  const path = join(home, 'plain.db');
  const database = openConnection(path, false);
  try {
    database.exec(
      'create table beat (service text, ts integer, state text, latency real); create index by_time on beat (service, ts)',
    );
    database.exec('begin');
    const hours = 30 * 24;
    const rows = latencyBlock(1, 0);
    for (let hour = 1; hour <= hours; hour += 1)
      for (const [place, ts] of rows.ts.entries())
        database.run('insert into beat values (?, ?, ?, ?)', [
          't1',
          end - hour * hourMs + ts,
          'UP',
          rows.values[place],
        ]);
    database.exec('commit');
    database.exec('pragma wal_checkpoint(truncate)');
    const times = Array.from({ length: 3 }, () => {
      const before = performance.now();
      database.run(
        'select ts / 8640000 as bucket, avg(latency), min(latency), max(latency) from beat where service = ? and ts >= ? group by bucket',
        ['t1', end - hours * hourMs],
      );
      return performance.now() - before;
    });
    return { bytes: statSync(path).size / (hours * 720), chartMs: Math.min(...times) };
  } finally {
    database.close();
  }
}
