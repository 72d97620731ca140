import { storeFault } from '../faults.ts';

/** SQLSTATE codes, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const diskFull = '53100';
const lockNotAvailable = '55P03';
const readOnlyTransaction = '25006';
const corrupted = new Set(['XX001', 'XX002']);
/** The server is going away, starting, or takes no more connections. */
const away = new Set(['57P01', '57P02', '57P03', '53300']);
const socketErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENOENT',
]);

/** Turns what a person can act on into a fault; everything else passes unchanged. `where` names the server, without secrets. */
export function mapPostgresError(thrown: unknown, where: string): unknown {
  const code = (thrown as { code?: unknown } | null)?.code;
  const more = { details: { database: where }, cause: thrown };
  if (typeof code === 'string') {
    if (code === diskFull)
      return storeFault('store_disk_full', `The disk of ${where} is full; nothing was written.`, more);
    if (code === lockNotAvailable)
      return storeFault('store_locked', `${where} is locked by another client.`, more);
    if (code === readOnlyTransaction)
      return storeFault('store_read_only', `${where} only allows reading.`, more);
    if (corrupted.has(code))
      return storeFault('store_corrupt', `${where} reports damaged data; restore a backup.`, more);
    if (away.has(code) || code.startsWith('08') || socketErrors.has(code)) return unreachable(where, more);
  }
  // node-postgres has no code for these.
  if (
    thrown instanceof Error &&
    /^(Connection terminated|timeout exceeded|timeout expired|Client (has encountered|was closed))/.test(
      thrown.message,
    )
  ) {
    return unreachable(where, more);
  }
  return thrown;
}

const unreachable = (where: string, more: { details: Record<string, unknown>; cause: unknown }) =>
  storeFault('store_unavailable', `PostgreSQL at ${where} cannot be reached.`, more);
