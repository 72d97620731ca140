import type { WatchdogConfig } from '@vigiles/contract';
import { readYaml } from '../../../platform/config/index.ts';
import type { ReadFaultFile } from './read-fault-file.ts';

/** How people are told of the configuration. */
export const configFile = 'vigiles.yaml';

/**
 * The rules of the configuration, with the places where they stand in its text. Their form was checked with the rest of it;
 * what they mean is checked with those of the catalogue’s files.
 */
export function configRules(
  text: string,
  { faults, disabled_faults: disabled }: Pick<WatchdogConfig, 'faults' | 'disabled_faults'>,
): ReadFaultFile {
  // Most have none, and the file may be long.
  if (faults.length + disabled.length === 0)
    return { file: configFile, entries: [], disable: [], problems: [] };
  const { placeOf } = readYaml(text);
  return {
    file: configFile,
    entries: faults.map((entry, index) => ({
      entry,
      file: configFile,
      index,
      at: (...path) => placeOf(['watchdog', 'faults', index, ...path]),
    })),
    disable: disabled.map((id, index) => ({ id, ...placeOf(['watchdog', 'disabled_faults', index]) })),
    problems: [],
  };
}
