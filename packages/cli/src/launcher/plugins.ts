import { inspectPlugin, packPlugin } from '@vigiles/server/plugin-packages';
import { asCliError } from './cli-error.ts';

/** Makes a package of a folder. Faults become messages with exit codes. */
export async function packFolder(folder: string, target: string) {
  try {
    return await packPlugin(folder, target);
  } catch (thrown) {
    throw asCliError(thrown);
  }
}

/** Reads a package as an installation would. */
export async function readPackage(file: string) {
  try {
    return await inspectPlugin(file);
  } catch (thrown) {
    throw asCliError(thrown);
  }
}
