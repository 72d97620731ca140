import { driverMs, firstValue, type Ask } from './ask.ts';

/** PostgreSQL, by `pg`. The server ends the statement too when the time is over. */
export const askPostgres: Ask = async ({ url, query, timeoutMs, signal }) => {
  const { Client } = await import('pg');
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: driverMs(timeoutMs),
    statement_timeout: driverMs(timeoutMs),
    application_name: 'vigiles-watchdog',
  });
  // A connection that breaks after the answer is nobody’s failure.
  client.on('error', () => undefined);
  const connection = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
  const abort = () => connection.stream.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(query ?? 'select 1');
    return firstValue(rows);
  } finally {
    signal.removeEventListener('abort', abort);
    // Not waited for: a server that does not answer does not take a farewell either.
    client.end().catch(() => undefined);
  }
};
