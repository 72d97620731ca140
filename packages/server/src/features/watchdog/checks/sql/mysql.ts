import { driverMs, firstValue, type Ask } from './ask.ts';

/** MySQL and MariaDB, by `mysql2`. */
export const askMysql: Ask = async ({ url, query, timeoutMs, signal }) => {
  const { createConnection } = await import('mysql2');
  const connection = createConnection({
    uri: url.replace(/^mariadb:/i, 'mysql:'),
    connectTimeout: driverMs(timeoutMs),
    multipleStatements: false,
  });
  const { promise, resolve, reject } = Promise.withResolvers<string | null>();
  const abort = () => reject(new Error('no answer in time'));
  connection.on('error', reject);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  connection.query({ sql: query ?? 'select 1', timeout: driverMs(timeoutMs) }, (failure, rows) => {
    if (failure) reject(failure);
    else resolve(firstValue(Array.isArray(rows) ? rows : []));
  });
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    connection.on('error', () => undefined);
    // Politely where it still listens: the server counts broken connections against a host.
    if (signal.aborted) connection.destroy();
    else connection.end();
  }
};
