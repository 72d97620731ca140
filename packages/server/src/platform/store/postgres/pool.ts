import { Pool, types as defaultTypes } from 'pg';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { storeFault } from '../faults.ts';
import { mapPostgresError } from './errors.ts';

const int8 = 20;

/** pg hands 64-bit integers out as text; ours stay below 2^53. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 && format !== 'binary'
      ? Number
      : defaultTypes.getTypeParser(oid, format ?? 'text')) as typeof defaultTypes.getTypeParser,
};

/** `host:port/database` of a connection URL: for messages, without user and password. */
export function describeUrl(url: string): string {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url);
    return `${hostname || (searchParams.get('host') ?? 'localhost')}:${port || '5432'}${pathname}`;
  } catch {
    throw storeFault('store_bad_url', 'store.url is not a URL; expected postgres://user@host:5432/database');
  }
}

export interface PoolOptions {
  url: string;
  readOnly: boolean;
  /** Connections kept at most. */
  max: number;
  onIdleError(thrown: unknown): void;
}

export function openPool({ url, readOnly, max, onIdleError }: PoolOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    types,
    application_name: 'vigiles',
    connectionTimeoutMillis: 5_000,
    ...(readOnly ? { options: '-c default_transaction_read_only=on' } : {}),
  });
  // Without listeners, a server restart would end the process: the pool's own hears only of idle clients. What was
  // under way on a client that is lost fails with its statement, the next one, or `commit`.
  pool.on('error', onIdleError);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}

/** PostgreSQL keeps no U+0000, which a log line or a program's output may hold: the mark for what cannot be shown stands for it. */
const storable = (value: unknown): unknown =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;

/** The pool as Kysely wants it, with errors mapped to faults. */
export function kyselyPool(pool: Pool, where: string): PostgresPool {
  return {
    options: pool.options,
    async connect() {
      const client = await pool.connect().catch((thrown: unknown) => {
        throw mapPostgresError(thrown, where);
      });
      const query = async (sql: string, parameters: readonly unknown[]) => {
        try {
          return await client.query(sql, parameters.map(storable));
        } catch (thrown) {
          throw mapPostgresError(thrown, where);
        }
      };
      return {
        query,
        release: (destroy?: boolean) => client.release(destroy ?? false),
      } as unknown as PostgresPoolClient;
    },
    end: () => pool.end(),
  };
}
