import { fault, raise } from '../../../kernel/fault.ts';

/** Ends the reading of an archive that is not a package. @param why completes “The package is refused: …” */
export const archiveRefused = (why: string): never =>
  raise(fault('invalid', 'plugin_archive_refused', `The package is refused: ${why}.`));
