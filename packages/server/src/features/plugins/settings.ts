import type { PluginsConfig } from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import type { ArchiveLimits } from './core/tar-reader.ts';

const mb = (value: number): number => Math.floor(value * 1_048_576);

export const limitsOf = (config: PluginsConfig): ArchiveLimits => ({
  packageBytes: mb(config.max_package_mb),
  unpackedBytes: mb(config.max_unpacked_mb),
  fileBytes: mb(config.max_file_mb),
  entries: config.max_entries,
  ratio: config.max_ratio,
});

/** Raises `plugins_disabled`. */
export function mustBeOn({ enabled }: PluginsConfig): void {
  if (!enabled)
    raise(
      fault('unavailable', 'plugins_disabled', 'Plugins are switched off: plugins.enabled is false.', {
        retryable: false,
      }),
    );
}

/** Puts changes behind one another. */
export function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
