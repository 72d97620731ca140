import type { Log } from '../../../kernel/log.ts';
import { storeFault } from '../faults.ts';
import { createPrivate } from './create-private.ts';
import { findDamage } from './integrity.ts';
import { openPresence, type Presence } from './presence.ts';
import { setAside } from './set-aside.ts';

export interface PreparedFile {
  /** Held while the store is open. */
  presence: Presence;
  /** Where a broken file was put, or null. */
  quarantined: string | null;
}

/** Another process may be checking a large file, which is bounded by a few seconds. */
const shareWaitMs = 15_000;

/**
 * Makes sure that `path` is a sound database (or none yet) and announces this process as one that has it open.
 * A broken file is put aside when nobody else uses it; otherwise `store_corrupt` says so.
 */
export async function prepareFile(path: string, log: Log): Promise<PreparedFile> {
  const presence = openPresence(path);
  try {
    let quarantined: string | null = null;
    if (presence.tryAlone()) {
      const reason = findDamage(path);
      if (reason !== null) {
        quarantined = setAside(path, 'quarantine', Date.now());
        log.error(
          { path, quarantined, reason },
          'The database was damaged and was put aside; starting with a new one',
        );
      }
      createPrivate(path);
      await presence.share(shareWaitMs);
    } else {
      await presence.share(shareWaitMs);
      const reason = findDamage(path);
      if (reason !== null) {
        throw storeFault(
          'store_corrupt',
          `${path} is damaged and another Vigiles process has it open; stop it first.`,
          {
            details: { path, reason },
          },
        );
      }
    }
    return { presence, quarantined };
  } catch (thrown) {
    presence.close();
    throw thrown;
  }
}
