import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

/**
 * The environment of a thread that must not see the secrets of ours: only where compiled code is kept, which a thread is not
 * told otherwise. What was compiled before it does not compile again.
 */
export function bareEnvironment(): NodeJS.ProcessEnv {
  // Node makes a folder for its own version in the one that it is given.
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}
