import { randomUUID } from 'node:crypto';
import type { RunSql, StoreWriter } from '../writer.ts';
import { mapPostgresError } from './errors.ts';
import { describeUrl, openPool } from './pool.ts';

export function openPostgresWriter(url: string): StoreWriter {
  const where = describeUrl(url);
  // A connection that was lost while idle is replaced with the next transaction.
  const pool = openPool({ url, readOnly: false, max: 1, onIdleError: () => undefined });
  return {
    dialect: 'postgres',
    instance: randomUUID(),
    async transaction(work) {
      try {
        const client = await pool.connect();
        const run: RunSql = async (sql, parameters) => (await client.query(sql, [...parameters])).rows;
        let broken = true;
        try {
          await client.query('begin');
          const result = await work(run);
          await client.query('commit');
          broken = false;
          return result;
        } finally {
          // Closing the connection rolls back, whatever state it is in.
          client.release(broken);
        }
      } catch (thrown) {
        throw mapPostgresError(thrown, where);
      }
    },
    close: () => pool.end(),
  };
}
