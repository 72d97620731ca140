import { createEgress } from '../platform/egress/index.ts';
import { loadConfig } from '../platform/config/index.ts';
import { fault, raise } from '../kernel/fault.ts';
import { newest, openTarget, withBackup } from '../features/backups/index.ts';
import type { Restored } from '../platform/store/index.ts';
import { restore } from './maintenance.ts';
import type { MaintenanceOptions } from './secrets-of.ts';

/**
 * Fetches a backup from a place of `backups.targets`, opens it and puts it in place of the store; refused while Vigiles runs.
 * @param name absent: the newest one
 * @param key age identity or passphrase; absent: the target's own passphrase
 */
export async function restoreRelayed(
  options: MaintenanceOptions,
  { target: wanted, name, key }: { target: string; name?: string; key?: string },
): Promise<Restored & { file: string }> {
  const loaded = await loadConfig({ ...options, allowLastGood: true });
  if (!loaded.ok) raise(loaded.fault);
  const configuration = loaded.value;
  const config = configuration.current();
  const found = config.backups.targets.find((one) => one.name === wanted);
  if (!found)
    return raise(fault('not-found', 'backup_target_unknown', `backups.targets has no “${wanted}”.`));
  const egress = createEgress({ config: () => configuration.current().egress });
  const signal = new AbortController().signal;
  try {
    const { place, lock } = openTarget(found, { egress, now: () => Date.now() }, (text) =>
      configuration.resolve(text),
    );
    const file = name ?? newest(await place.list(signal))?.name;
    if (file === undefined)
      return raise(fault('not-found', 'backup_none', `There is no backup at ${place.where}.`));
    const opener = key ?? lock.passphrase;
    if (opener === null)
      return raise(
        fault('invalid', 'backup_key_needed', 'Say the identity that opens it: --identity <file>.'),
      );
    const restored = await withBackup(place, file, opener, signal, (path) => restore(options, path));
    return { ...restored, file };
  } finally {
    await egress.close();
  }
}
