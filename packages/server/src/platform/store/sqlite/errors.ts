import { storeFault } from '../faults.ts';

/** Primary result codes, https://sqlite.org/rescode.html; the low byte of an extended code. */
const result = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  notADb: 26,
} as const;

/** The primary SQLite result code of what node:sqlite threw, or null when it is something else. */
export function resultCode(thrown: unknown): number | null {
  if (typeof thrown !== 'object' || thrown === null) return null;
  const { errcode } = thrown as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : null;
}

/** Somebody else holds the lock: worth another try. */
export function isBusy(thrown: unknown): boolean {
  const code = resultCode(thrown);
  return code === result.busy || code === result.locked;
}

/** SQLITE_IOERR_SHMSIZE: no room for the shared index of the write-ahead log. */
const noRoomForIndex = 4874;

/** The disk, or what the database may use of it, is full. */
export const isFull = (thrown: unknown): boolean =>
  resultCode(thrown) === result.full || (thrown as { errcode?: unknown } | null)?.errcode === noRoomForIndex;

/** The file is not a sound database. */
export function isCorrupt(thrown: unknown): boolean {
  const code = resultCode(thrown);
  return code === result.corrupt || code === result.notADb;
}

/** Turns what a person can act on into a fault that names the file; everything else passes unchanged. */
export function mapSqliteError(thrown: unknown, path: string): unknown {
  const more = { details: { path }, cause: thrown };
  switch (isFull(thrown) ? result.full : resultCode(thrown)) {
    case result.full:
      return storeFault(
        'store_disk_full',
        `The disk that holds ${path} is full; nothing was written. Free some space.`,
        more,
      );
    case result.busy:
    case result.locked:
      return storeFault('store_locked', `Another process kept ${path} locked; nothing was written.`, more);
    case result.corrupt:
    case result.notADb:
      return storeFault(
        'store_corrupt',
        `${path} is damaged. Restart Vigiles to put it aside, or restore a backup.`,
        more,
      );
    case result.readOnly:
      return storeFault(
        'store_read_only',
        `${path} cannot be written to; check its owner and permissions.`,
        more,
      );
    case result.cantOpen:
      return storeFault(
        'store_unavailable',
        `${path} cannot be opened; check that the folder exists and may be entered.`,
        more,
      );
    case result.ioError:
      return storeFault('store_unavailable', `Reading or writing ${path} failed; check the disk.`, more);
    default:
      return thrown;
  }
}
