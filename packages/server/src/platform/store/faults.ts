import { fault, FaultError, type Fault } from '../../kernel/fault.ts';

/** Everything the store can say that a person has to act on. Other database errors are bugs and pass unchanged. */
export type StoreFaultCode =
  | 'store_disk_full'
  | 'store_locked'
  | 'store_corrupt'
  | 'store_read_only'
  | 'store_unavailable'
  | 'store_newer_version'
  | 'store_not_migrated'
  | 'store_in_use'
  | 'store_not_empty'
  | 'store_bad_backup'
  | 'store_bad_url'
  | 'store_closed';

const kinds: Record<StoreFaultCode, Fault['kind']> = {
  store_disk_full: 'unavailable',
  store_locked: 'unavailable',
  store_corrupt: 'internal',
  store_read_only: 'internal',
  store_unavailable: 'unavailable',
  store_newer_version: 'invalid',
  store_not_migrated: 'invalid',
  store_in_use: 'conflict',
  store_not_empty: 'conflict',
  store_bad_backup: 'invalid',
  store_bad_url: 'invalid',
  store_closed: 'unavailable',
};

export function storeFault(
  code: StoreFaultCode,
  message: string,
  more: { details?: Record<string, unknown>; cause?: unknown } = {},
): FaultError {
  return new FaultError(fault(kinds[code], code, message, more));
}

/** What the file system says about a file or folder of the store, as a fault; everything else passes unchanged. */
export function mapFileError(thrown: unknown, path: string): unknown {
  const code = (thrown as { code?: unknown } | null)?.code;
  const more = { details: { path }, cause: thrown };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return storeFault('store_disk_full', `The disk is full; ${path} was not written.`, more);
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return storeFault(
      'store_read_only',
      `${path} cannot be written to; check its owner and permissions.`,
      more,
    );
  }
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') {
    return storeFault('store_unavailable', `${path} cannot be opened; check that its folder exists.`, more);
  }
  return thrown;
}

/** True when `thrown` is the store's own fault of this code. */
export const isStoreFault = (thrown: unknown, code: StoreFaultCode): boolean =>
  thrown instanceof FaultError && thrown.fault.code === code;

/** SQLite extended codes: SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE and _ROWID. */
const sqliteUniqueCodes = new Set([1555, 2067, 2579]);
/** PostgreSQL SQLSTATE `unique_violation`. */
const postgresUniqueCode = '23505';

/** True when a write failed because the row is already there; the same on both databases. */
export function isUniqueViolation(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null) return false;
  const { code, errcode } = thrown as { code?: unknown; errcode?: unknown };
  return code === postgresUniqueCode || (typeof errcode === 'number' && sqliteUniqueCodes.has(errcode));
}
